import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { otherCaller, sessionOf } from '../../src/hosts/other.ts';
import {
  CLAUDE,
  CODEX,
  COPILOT,
  CURSOR,
  DAEMON,
  GEMINI,
  processes,
  QWEN,
} from '../owner/chains.ts';

type Payload = Record<string, unknown>;

const FIXTURES = new URL('../fixtures/', import.meta.url);

function recorded(host: string): [name: string, payload: Payload][] {
  return readdirSync(new URL(host, FIXTURES)).map((file) => {
    const { payload } = JSON.parse(readFileSync(new URL(`${host}/${file}`, FIXTURES), 'utf8'));
    return [file, payload];
  });
}

/** Nothing that is known, as where the process table is hidden. */
const UNKNOWN = ['sh', 'node#500: node agent.js'];

const ask = (payload: unknown, rows: string[], env: Record<string, string> = {}) => {
  const { chain, commandLine } = processes(...rows);
  return otherCaller(payload, chain, env, commandLine);
};

it.each(recorded('copilot'))('%s is Copilot, by its payload alone', (_name, payload) => {
  expect(ask(payload, UNKNOWN)).toBe('copilot');
  expect(ask(payload, [])).toBe('copilot');
});

it.each([...recorded('claude'), ...recorded('codex')])('%s is a host of ours', (_name, payload) => {
  expect(ask(payload, UNKNOWN)).toBeNull();
  expect(ask(payload, [])).toBeNull();
});

const stop = { session_id: 's', transcript_path: '/t', cwd: '/repo', hook_event_name: 'Stop' };
const copilots = { ...stop, timestamp: '2026-11-21', stop_reason: 'end_turn' };

it.each<[string, unknown, string[], Record<string, string>, string | null]>([
  ['Claude Code', stop, ['sh', ...CLAUDE, 'zsh'], {}, null],
  ['Codex', stop, ['bash', ...CODEX, 'zsh'], {}, null],
  ["Codex's daemon", stop, ['bash', ...DAEMON], {}, null],
  ['Copilot', stop, ['sh', ...COPILOT, 'zsh'], {}, 'copilot'],
  ['Gemini', stop, ['sh', ...GEMINI, 'zsh'], {}, 'gemini'],
  ['Qwen, whose payload is like Claude Code’s', stop, ['sh', ...QWEN, 'zsh'], {}, 'qwen'],
  ['Cursor', stop, ['sh', ...CURSOR, 'zsh'], {}, 'cursor'],
  [
    'Copilot in the Bash tool of Claude Code',
    copilots,
    ['sh', ...COPILOT, 'bash', 'claude#600'],
    { CLAUDE_PID: '600', CLAUDE_CODE_SESSION_ID: 'outer' },
    'copilot',
  ],
  [
    'the same, where it took over the session id',
    stop,
    ['sh', ...QWEN, 'bash', 'claude#600'],
    { CLAUDE_PID: '600', CLAUDE_CODE_SESSION_ID: 's' },
    'qwen',
  ],
  [
    'Claude Code in the shell of Copilot',
    stop,
    ['sh', ...CLAUDE, 'bash', 'MainThread: /opt/copilot'],
    { COPILOT_CLI: '1' },
    null,
  ],
  [
    'the same under another name',
    stop,
    ['sh', 'mine#400', 'bash', ...COPILOT],
    { CLAUDE_PID: '400', CLAUDE_CODE_SESSION_ID: 's' },
    null,
  ],
  [
    'the marks of Copilot alone',
    stop,
    UNKNOWN,
    { COPILOT_CLI: '1', COPILOT_AGENT_SESSION_ID: 'x' },
    null,
  ],
  [
    'Claude Code with the keys of a later version',
    { ...copilots, prompt_id: 'p' },
    UNKNOWN,
    {},
    null,
  ],
  ['Claude Code that sends what Copilot sends', copilots, ['sh', ...CLAUDE], {}, null],
  [
    'an unknown agent in the Bash tool of Claude Code',
    stop,
    ['sh', 'node#400: node agent.js', 'bash', 'claude#600'],
    { CLAUDE_PID: '600', CLAUDE_CODE_SESSION_ID: 'outer' },
    null,
  ],
  [
    'Cursor’s editor, by its payload',
    { conversation_id: 'c', cursor_version: '2', loop_count: 0 },
    ['sh', 'cursor#500: /opt/cursor'],
    {},
    'cursor',
  ],
  ['Cursor with a session id', { ...stop, cursor_version: '2' }, UNKNOWN, {}, 'cursor'],
  [
    'Gemini, by its payload',
    { ...stop, prompt_response: 'x', timestamp: '2026' },
    UNKNOWN,
    {},
    'gemini',
  ],
  [
    'Gemini, by its event',
    { ...stop, hook_event_name: 'BeforeAgent', timestamp: '2026' },
    UNKNOWN,
    {},
    'gemini',
  ],
  ['no payload', null, UNKNOWN, {}, null],
])('%s', (_name, payload, rows, env, expected) => {
  expect(ask(payload, rows, env)).toBe(expected);
});

it.each([
  [{ session_id: 's' }, 's'],
  [{ conversation_id: 'c' }, 'c'],
  [{ session_id: 7 }, null],
  [{}, null],
  ['Stop', null],
])('sessionOf(%j) is %s', (payload, expected) => {
  expect(sessionOf(payload)).toBe(expected);
});
