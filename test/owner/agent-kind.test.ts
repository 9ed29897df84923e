import { expect, it } from 'vitest';
import { agentKind } from '../../src/owner/agent-kind.ts';
import { CLAUDE, CODEX, COPILOT, CURSOR, DAEMON, GEMINI, processes, QWEN } from './chains.ts';

it.each<[string, string, string | null]>([
  ['Claude Code', CLAUDE[0] ?? '', 'claude'],
  ['Claude Code by its path', 'claude: /home/me/.local/bin/claude -p hi', 'claude'],
  ['Claude Code from npm', 'claude.exe: /x/@anthropic-ai/claude-code/bin/claude.exe', 'claude'],
  [
    'Claude Code that started itself anew',
    '2.1.329: /home/me/.local/share/claude/versions/2.1.329',
    'claude',
  ],
  [
    'an older Claude Code, a Node script',
    'node: node /x/@anthropic-ai/claude-code/cli.js',
    'claude',
  ],
  ['the same by its link', 'MainThread: node --no-warnings /usr/bin/claude', 'claude'],
  ['Codex', CODEX[0] ?? '', 'codex'],
  ["Codex's Node starter", CODEX[1] ?? '', 'codex'],
  ['the starter by its file', 'node: node /x/@openai/codex/bin/codex.js', 'codex'],
  ['Codex of a release archive', 'codex-x86_64-un: ./codex-x86_64-unknown-linux-musl', 'codex'],
  ["Codex's daemon", DAEMON[0] ?? '', 'codex'],
  ["Codex's sandbox", 'codex: codex-linux-sandbox --sandbox-policy-cwd /repo -- sh -c x', 'codex'],
  ['Copilot', COPILOT[0] ?? '', 'copilot'],
  ["Copilot's Node starter", COPILOT[1] ?? '', 'copilot'],
  ['the starter by its file', 'node: node /x/@github/copilot/npm-loader.js', 'copilot'],
  ['Gemini', GEMINI[0] ?? '', 'gemini'],
  ['Gemini by its link', GEMINI[1] ?? '', 'gemini'],
  ['Qwen', QWEN[0] ?? '', 'qwen'],
  ['Qwen in bun', 'bun: bun run /x/@qwen-code/qwen-code/cli.js', 'qwen'],
  ['Cursor CLI', CURSOR[0] ?? '', 'cursor'],
  ['a Node program of a person', 'node: node server.js claude', null],
  ['Node with an option that takes a word', 'node: node -r claude main.js', null],
  ['Node with an expression', 'node: node -e 0 claude', null],
  ['Node at its prompt', 'node: node', null],
  ['npm that installs or starts an agent', 'npm exec @opena: npm exec @openai/codex', null],
  ['npm under a name that tells nothing', 'MainThread: npm exec @openai/codex', null],
  ['a shell script with an agent’s name', 'claude: /bin/bash /home/me/bin/claude', null],
  ['a Python script with an agent’s name', 'claude: /usr/bin/python3 /home/me/bin/claude', null],
  ['an agent by an argument', 'vim: vim claude', null],
  ["Cursor's editor, which holds a person's terminals", 'cursor: /usr/share/cursor/cursor', null],
  ['a shell', 'bash: bash -lc claude', null],
  ['tmux', 'tmux: server: tmux new -s claude', null],
])('%s: %s → %s', (_name, row, expected) => {
  const { chain, commandLine } = processes(row);
  expect(chain.map((info) => agentKind(info, commandLine))).toEqual([expected]);
});

it.each([
  ['claude', 'claude'],
  ['codex', 'codex'],
  ['copilot', 'copilot'],
  ['node', null],
  ['MainThread', null],
])('goes by the name %s where the command line cannot be read: %s', (name, expected) => {
  const info = { pid: 500, start: '', ppid: 1, state: 'S', name };
  expect(agentKind(info, () => null)).toBe(expected);
  expect(agentKind(info, () => [])).toBe(expected);
});
