import { expect, it } from 'vitest';
import { callerOf } from '../../src/owner/caller.ts';
import { CLAUDE, CODEX, COPILOT, CURSOR, DAEMON, GEMINI, processes, QWEN } from './chains.ts';

const claude = { CLAUDE_CODE_SESSION_ID: 'c', CLAUDE_PID: '500' };
const codex = { CODEX_SESSION_ID: 'x', CODEX_THREAD_ID: 'x' };
const copilot = { COPILOT_CLI: '1', COPILOT_AGENT_SESSION_ID: 'p' };

/** Claude Code 600 above an agent 500, as the variables of both show. */
const BELOW_CLAUDE = ['bash', 'claude#600', 'zsh', 'tmux: server'];
const outer = { CLAUDE_CODE_SESSION_ID: 'outer', CLAUDE_PID: '600' };

type Expected = [host: string | null, session: string | null, pid: number | null, other?: string];

it.each<[string, Record<string, string>, string[], Expected]>([
  ['nobody', {}, ['zsh'], [null, null, null]],
  ['Claude', claude, ['zsh', ...CLAUDE], ['claude', 'c', 500]],
  [
    'Claude that sets no CLAUDE_PID',
    { CLAUDE_CODE_SESSION_ID: 'c' },
    ['zsh', ...CLAUDE],
    ['claude', 'c', 500],
  ],
  ['Claude whose variables were taken out', {}, ['zsh', ...CLAUDE], ['claude', null, 500]],
  ['Claude under another name', claude, ['zsh', 'my-claude#500', 'zsh'], ['claude', 'c', 500]],
  ['Codex', codex, ['bash', ...CODEX], ['codex', 'x', 500]],
  ['Codex by thread id alone', { CODEX_THREAD_ID: 'x' }, ['bash', ...CODEX], ['codex', 'x', 500]],
  ['the daemon', codex, ['bash', ...DAEMON], ['codex', 'x', null]],
  ['an app server', codex, ['bash', 'codex: codex app-server', 'code'], ['codex', 'x', null]],
  ["Codex's sandbox", codex, ['sh', 'codex#1: codex-linux-sandbox -- sh'], ['codex', 'x', null]],
  [
    'empty variables',
    { CLAUDE_CODE_SESSION_ID: '', CODEX_SESSION_ID: '' },
    ['zsh'],
    [null, null, null],
  ],
  [
    'Codex inside Claude',
    { ...outer, ...codex },
    ['bash', ...CODEX, ...BELOW_CLAUDE],
    ['codex', 'x', 500],
  ],
  [
    "Codex's sandbox inside Claude",
    { ...outer, ...codex },
    ['sh', 'codex#1: codex-linux-sandbox -- sh'],
    ['codex', 'x', null],
  ],
  [
    'a Codex without a session inside Claude',
    outer,
    ['bash', ...CODEX, ...BELOW_CLAUDE],
    ['codex', null, 500],
  ],
  [
    'Claude inside Codex',
    { ...claude, ...codex },
    ['zsh', ...CLAUDE, 'bash', 'codex#600'],
    ['claude', 'c', 500],
  ],
  ['Claude inside Claude', claude, ['zsh', ...CLAUDE, ...BELOW_CLAUDE], ['claude', 'c', 500]],
  [
    'Claude with the variables of another',
    outer,
    ['zsh', ...CLAUDE, ...BELOW_CLAUDE],
    ['claude', null, 500],
  ],
  [
    'the daemon, with the variables of a Claude pane',
    { ...claude, ...codex },
    ['bash', 'codex#600: codex app-server --managed-daemon'],
    ['codex', 'x', null],
  ],
  [
    'Claude as a Node script inside Codex',
    { ...claude, ...codex },
    ['zsh', 'node#500: node cli.js', 'codex#600'],
    ['claude', 'c', 500],
  ],
  ['Copilot', copilot, ['bash', ...COPILOT, 'zsh'], [null, null, null, 'copilot']],
  [
    'Copilot inside Claude',
    { ...outer, ...copilot },
    ['bash', ...COPILOT, ...BELOW_CLAUDE],
    [null, null, null, 'copilot'],
  ],
  [
    'Claude inside Copilot',
    { ...claude, ...copilot },
    ['bash', ...CLAUDE, 'bash', 'MainThread: /opt/copilot', 'zsh'],
    ['claude', 'c', 500],
  ],
  [
    'Gemini inside Claude',
    { ...outer, GEMINI_SESSION_ID: 'g' },
    ['bash', ...GEMINI, ...BELOW_CLAUDE],
    [null, null, null, 'gemini'],
  ],
  [
    'Qwen inside Claude',
    { ...outer, QWEN_CODE_SESSION_ID: 'q' },
    ['bash', ...QWEN, ...BELOW_CLAUDE],
    [null, null, null, 'qwen'],
  ],
  [
    'Cursor inside Codex',
    codex,
    ['bash', ...CURSOR, 'bash', 'codex#600'],
    [null, null, null, 'cursor'],
  ],
  [
    'a person in a pane that an agent once started',
    claude,
    ['zsh', 'tmux: server'],
    [null, null, null],
  ],
  [
    'a person in a pane that a Codex once started',
    codex,
    ['zsh', 'tmux: server'],
    [null, null, null],
  ],
  ['Claude in a pane', claude, ['zsh', ...CLAUDE, 'zsh', 'tmux: server'], ['claude', 'c', 500]],
  ['a detached command of Claude', claude, ['zsh'], ['claude', 'c', null]],
  ['a detached command of Codex', codex, ['bash'], ['codex', 'x', null]],
  ['a detached command of Claude or Codex', { ...claude, ...codex }, ['zsh'], [null, null, null]],
  [
    'a detached command of Claude or Copilot',
    { ...claude, ...copilot },
    ['zsh'],
    [null, null, null],
  ],
])('callerOf: %s', (_name, env, rows, [host, sessionId, pid, other = null]) => {
  const { chain, commandLine } = processes(...rows);
  const agent = pid === null ? null : { pid, start: `boot:${pid}` };
  expect(callerOf(env, chain, commandLine)).toEqual({ host, sessionId, agent, other });
});

/** What may run between an agent and `stopgate`. */
const WRAPPERS = [
  ['make', 'sh', 'make: make check'],
  ['npx', 'sh', 'npm exec stopga: npm exec stopgate build status'],
  ['uv run', 'uv: uv run task'],
  ['direnv exec', 'direnv: direnv exec . task'],
  ['timeout', 'timeout: timeout 60 task'],
  ['env', 'env: env A=1 task'],
  ['bash -lc', 'bash: bash -lc task'],
  ['script(1)', 'sh', 'script: script -qc task /dev/null'],
  ['a Node script', 'sh', 'node: node run.mjs'],
  ['bun', 'sh', 'bun: bun run task'],
  ['an unknown program', 'sh', 'taskrunner: taskrunner all'],
];

it.each(WRAPPERS)('callerOf sees through %s', (_name, ...wrapper) => {
  const at = (env: Record<string, string>, rows: string[]) => {
    const { chain, commandLine } = processes(...wrapper, 'bash', ...rows, ...BELOW_CLAUDE);
    const { host, sessionId, agent, other } = callerOf(env, chain, commandLine);
    return [host, sessionId, agent?.pid ?? null, other];
  };
  expect(at(claude, CLAUDE)).toEqual(['claude', 'c', 500, null]);
  expect(at({ CLAUDE_CODE_SESSION_ID: 'c' }, CLAUDE)).toEqual(['claude', 'c', 500, null]);
  expect(at({ ...outer, ...codex }, CODEX)).toEqual(['codex', 'x', 500, null]);
  expect(at({ ...outer, ...codex }, DAEMON)).toEqual(['codex', 'x', null, null]);
  expect(at({ ...outer, ...copilot }, COPILOT)).toEqual([null, null, null, 'copilot']);
});
