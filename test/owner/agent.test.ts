import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import {
  agentAbove,
  agentsAbove,
  callingProgram,
  claudeAgent,
  codexAgent,
  daemonOf,
  isHostStarter,
  isLauncher,
  runsInDaemon,
} from '../../src/owner/agent.ts';
import { CLAUDE, CODEX, COPILOT, CURSOR, DAEMON, GEMINI, processes, QWEN } from './chains.ts';

/** A hook or a command of an agent that the Claude Code with pid 600 started. */
const BELOW_CLAUDE = ['bash', 'claude#600', 'zsh', 'tmux: server'];

it.each<[string, string[], number | null, number | null]>([
  ['the hook of a session', ['sh', ...CLAUDE, 'zsh'], 500, 500],
  ['a far ancestor that CLAUDE_PID names', ['node: node x.js', 'zsh', ...CLAUDE], 500, 500],
  ['no CLAUDE_PID: the nearest program', ['sh', '-bash', ...CLAUDE], null, 500],
  ['a CLAUDE_PID that is no ancestor', ['sh', ...CLAUDE], 77, 500],
  ['a CLAUDE_PID that a shell has by now', ['sh', 'zsh#400', ...CLAUDE], 400, 500],
  ['a child session', ['sh', ...CLAUDE, ...BELOW_CLAUDE], 500, 500],
  ['a child session, the CLAUDE_PID of its parent', ['sh', ...CLAUDE, ...BELOW_CLAUDE], 600, 500],
  ['Copilot, the CLAUDE_PID of its parent', ['sh', ...COPILOT, ...BELOW_CLAUDE], 600, 500],
  ['Gemini, the CLAUDE_PID of its parent', ['sh', ...GEMINI, ...BELOW_CLAUDE], 600, 500],
  ['Qwen, the CLAUDE_PID of its parent', ['sh', ...QWEN, ...BELOW_CLAUDE], 600, 500],
  ['Cursor, the CLAUDE_PID of its parent', ['sh', ...CURSOR, ...BELOW_CLAUDE], 600, 500],
  ['Codex, the CLAUDE_PID of its parent', ['sh', ...CODEX, ...BELOW_CLAUDE], 600, 500],
  ['Claude Code below Copilot', ['sh', 'claude#600', 'bash', ...COPILOT], 600, 600],
  ['Claude Code in Node', ['sh', 'node#500: node /usr/bin/claude', 'zsh'], null, 500],
  ['shells only', ['sh', 'bash', 'env', 'timeout', 'nohup'], null, null],
  ['no ancestor', [], 500, null],
  ['nobody but the tmux server', ['sh', 'tmux: server'], null, null],
  ['nobody but the first process', ['sh', 'tini#1'], null, null],
])('claudeAgent: %s', (_name, rows, claudePid, expected) => {
  const { chain, commandLine } = processes(...rows);
  const agent = expected === null ? null : { pid: expected, start: `boot:${expected}` };
  expect(claudeAgent(chain, claudePid, commandLine)).toEqual(agent);
});

it.each<[string, string[], number | null]>([
  ['exec', ['bash', ...CODEX, 'zsh'], 500],
  ['inside Claude Code', ['bash', ...CODEX, ...BELOW_CLAUDE], 500],
  ['another name: the nearest program', ['bash', 'my-codex#500', 'zsh'], 500],
  [
    'exec in a session of the daemon',
    ['bash', ...CODEX, 'bash', 'codex#600: codex app-server'],
    500,
  ],
  ['its sandbox is not its process', ['sh', 'codex#400: codex-linux-sandbox -- sh', ...CODEX], 500],
  ['alone in its sandbox', ['sh', 'codex#1: codex-linux-sandbox -- sh'], null],
  ['the daemon', ['bash', ...DAEMON], null],
  ['the app server of an editor', ['bash', 'codex#500: codex app-server', 'code'], null],
  ['an app server with options', ['bash', 'codex#500: codex -c a=b app-server'], null],
  ['shells only', ['bash', 'sh'], null],
])('codexAgent: %s', (_name, rows, expected) => {
  const { chain, commandLine } = processes(...rows);
  expect(codexAgent(chain, commandLine)?.pid ?? null).toBe(expected);
});

/** What a person or a program may put around a command. None of it is an agent. */
const WRAPPERS: [string, string[]][] = [
  ['nothing', []],
  ['make', ['sh', 'make: make check']],
  ['npx', ['sh', 'npm exec stopga: npm exec stopgate build status']],
  ['npx on Node 24', ['sh', 'MainThread: npm exec stopgate build status']],
  ['uv', ['uv: uv run task']],
  ['direnv', ['direnv: direnv exec . task']],
  ['timeout', ['timeout: timeout 60 task']],
  ['env', ['env: env A=1 task']],
  ['bash -lc', ['bash: bash -lc task']],
  ['script(1)', ['sh', 'script: script -qc task /dev/null']],
  ['a person’s Node script', ['sh', 'node: node run.mjs']],
  ['a bun script', ['sh', 'bun: bun run task']],
  ['a Python program', ['sh', 'python3: python3 run.py']],
  ['a script with an agent’s name', ['codex: /bin/bash /home/me/bin/codex']],
  ['all of them', ['npm exec task: npm exec task', 'sh', 'make', 'uv: uv run x', 'script', 'bash']],
];

it.each(WRAPPERS)('agentAbove sees through %s', (_name, wrapper) => {
  for (const [kind, rows] of [
    ['claude', CLAUDE],
    ['codex', CODEX],
    ['codex', DAEMON],
    ['copilot', COPILOT],
    ['gemini', GEMINI],
    ['qwen', QWEN],
    ['cursor', CURSOR],
  ] as const) {
    const { chain, commandLine } = processes(...wrapper, 'bash', ...rows, ...BELOW_CLAUDE);
    expect(agentAbove(chain, commandLine)).toMatchObject({ kind, info: { pid: 500 } });
  }
  const { chain, commandLine } = processes(...wrapper, 'zsh', 'tmux: server', 'systemd#1');
  expect(agentAbove(chain, commandLine)).toBeNull();
});

it.each([
  ['the program is Claude Code', ['sh', ...CLAUDE], 500],
  ['a shell that waits in between', ['stopgate-hook', 'sh', ...CLAUDE], 500],
  ['known wrappers in between', ['timeout', 'direnv', 'npm exec x', 'sh', ...CLAUDE], 500],
  ['an unknown program runs the hook', ['sh', 'node#400: node agent.js', 'bash', ...CLAUDE], 400],
  ['a person’s shell', ['sh', 'zsh', 'tmux: server'], undefined],
])('callingProgram: %s', (_name, rows, expected) => {
  expect(callingProgram(processes(...rows).chain)?.pid).toBe(expected);
});

it('agentsAbove counts an agent and what started it once', () => {
  const rows = ['sh', 'codex#400: codex-linux-sandbox -- sh', ...CODEX, 'bash', 'claude#600'];
  const { chain, commandLine } = processes(...rows, 'zsh', 'claude#700', 'zsh');
  const found = agentsAbove(chain, commandLine).map(({ kind, info }) => [kind, info.pid]);
  expect(found).toEqual([
    ['codex', 500],
    ['claude', 600],
    ['claude', 700],
  ]);
});

it('agentsAbove takes `stopgate run`, which has the name of its command, for a part of the agent', () => {
  const rows = ['sh', 'claude#500', 'claude#501', 'zsh'];
  const { chain, commandLine } = processes(...rows);
  const found = (isNode: (pid: number) => boolean) =>
    agentsAbove(chain, commandLine, isNode).map(({ info }) => info.pid);
  expect(found((pid) => pid === 501)).toEqual([500]);
  expect(found(() => false)).toEqual([500, 501]);
});

it.runIf(process.platform === 'linux')('tells Node behind a title by its binary', async () => {
  const script = 'process.title = "claude"; console.log("up"); setInterval(() => {}, 1000)';
  const child = spawn(process.execPath, ['-e', script, '                    ']);
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((done) => child.stdout.once('data', done));
  const { chain, commandLine } = processes('claude#500', `claude#${child.pid}`);
  expect(agentsAbove(chain, commandLine)).toHaveLength(1);
});

const IN_DAEMON: [string, string[], boolean][] = [
  ['the parent is the daemon', DAEMON, true],
  ['a far ancestor is', [...CODEX, 'bash', ...DAEMON], true],
  ['an app server of an editor', ['codex: codex app-server', 'code'], true],
  ['the starter of an app server', ['node: node /usr/bin/codex app-server'], true],
  ['no daemon', [...CODEX, 'bash'], false],
  ['the word inside another argument', ['grep: grep x--managed-daemon'], false],
  ['an app server of something else', ['java: java -jar app-server'], false],
];

it.each(IN_DAEMON)('runsInDaemon: %s', (_name, rows, expected) => {
  const { chain, commandLine } = processes(...rows);
  expect(runsInDaemon(chain, commandLine)).toBe(expected);
  expect(daemonOf(chain, commandLine) !== null).toBe(expected);
  expect(runsInDaemon(chain, () => [])).toBe(false);
});

it.each<[string, string[], boolean]>([
  ['a Codex', ['sh', 'codex'], true],
  ['a Codex by its whole name', ['sh', 'codex-x86_64-un'], true],
  ['no Codex', ['sh', ...CLAUDE, 'zsh'], false],
])('a command line that cannot be read, of %s: perhaps the daemon: %s', (_name, rows, expected) => {
  const { chain } = processes(...rows);
  expect(runsInDaemon(chain, () => null)).toBe(expected);
  expect(codexAgent(chain, () => null) === null).toBe(expected);
  expect(daemonOf(chain, () => null)).toBeNull();
});

it.each([
  ["Codex's Node script", 'node: node /usr/bin/codex', true, true],
  ["Claude Code's", 'MainThread: node /usr/bin/claude', true, true],
  ['bun with it', 'bun: bun /usr/bin/claude', true, true],
  ["Copilot's, which is no host", 'node: node /usr/bin/copilot', false, false],
  ['Copilot itself', 'MainThread: /opt/copilot', false, false],
  ['a Node script of a person', 'node: node run.mjs', false, true],
  ['a shell', 'bash', false, true],
  ['npx', 'npm exec claude: npm exec claude', false, true],
  ['the host itself', 'claude', false, false],
  ['any program', 'vim', false, false],
])('isHostStarter and isLauncher: %s', (_name, row, starter, launcher) => {
  const { chain, commandLine } = processes(row);
  expect(chain.map((info) => isHostStarter(info, commandLine))).toEqual([starter]);
  expect(chain.map((info) => isLauncher(info, commandLine))).toEqual([launcher]);
});
