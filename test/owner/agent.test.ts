import { expect, it } from 'vitest';
import { claudeAgent, codexAgent, daemonOf, runsInDaemon } from '../../src/owner/agent.ts';
import { hostOf } from '../../src/owner/caller.ts';
import type { ProcessInfo } from '../../src/owner/process.ts';
import { chainOf } from './make.ts';

it.each<[string, ProcessInfo[], number | null, number | null]>([
  ['the hook of a session', chainOf('sh', ['claude', 500], 'zsh'), 500, 500],
  ['a far ancestor that CLAUDE_PID names', chainOf('node', 'zsh', ['claude', 500]), 500, 500],
  ['no CLAUDE_PID: the nearest program', chainOf('sh', '-bash', ['claude', 500]), null, 500],
  ['a CLAUDE_PID that is no ancestor', chainOf('sh', ['claude', 500]), 77, 500],
  [
    'a child session in the Bash tool',
    chainOf('sh', ['claude', 600], 'bash', ['claude', 500]),
    600,
    600,
  ],
  ['shells only', chainOf('sh', 'bash', 'env', 'timeout', 'nohup'), null, null],
  ['no ancestor', [], 500, null],
  ['nobody but the tmux server', chainOf('sh', 'tmux: server'), null, null],
  ['nobody but npm', chainOf('sh', 'npm exec stopgate', ['claude', 500]), null, null],
  ['nobody but the first process', chainOf('sh', ['tini', 1]), null, null],
])('claudeAgent: %s', (_name, chain, claudePid, expected) => {
  const start = expected === null ? null : { pid: expected, start: `boot:${expected}` };
  expect(claudeAgent(chain, claudePid)).toEqual(start);
});

it.each<[string, ProcessInfo[], number | null]>([
  ['exec', chainOf(['codex', 500], 'node', 'zsh'), 500],
  ['inside Claude', chainOf('bash', ['codex', 500], 'bash', ['claude', 600]), 500],
  ['another name: the nearest program', chainOf('bash', ['codex-x86_64', 500]), 500],
  ['shells only', chainOf('bash', 'sh'), null],
])('codexAgent: %s', (_name, chain, expected) => {
  expect(codexAgent(chain)?.pid ?? null).toBe(expected);
});

const DAEMON = ['codex', 'app-server', '--listen', 'unix://', '--managed-daemon'];

it.each<[string, Record<number, string[]>, boolean]>([
  ['the parent is the daemon', { 1: DAEMON }, true],
  ['a far ancestor is', { 1: ['codex', 'exec'], 2: ['bash'], 3: DAEMON }, true],
  ['no daemon', { 1: ['codex', 'exec'], 2: ['bash'] }, false],
  ['the word inside another argument', { 1: ['grep', 'x--managed-daemon'] }, false],
  ['processes that are gone', {}, false],
])('runsInDaemon: %s', (_name, lines, expected) => {
  const chain = chainOf(['a', 1], ['b', 2], ['c', 3]);
  expect(runsInDaemon(chain, (pid) => lines[pid] ?? [])).toBe(expected);
  expect(daemonOf(chain, (pid) => lines[pid] ?? []) !== null).toBe(expected);
});

it.each<[string, ProcessInfo[], boolean]>([
  ['a Codex', chainOf('sh', ['codex', 500]), true],
  ['a Codex by its whole name', chainOf('sh', ['codex-x86_64-un', 500]), true],
  ['no Codex', chainOf('sh', ['claude', 500], 'zsh'), false],
])(
  'a command line that cannot be read, of %s: perhaps the daemon: %s',
  (_name, chain, expected) => {
    expect(runsInDaemon(chain, () => null)).toBe(expected);
    expect(daemonOf(chain, () => null)).toBeNull();
  },
);

const claude = { CLAUDE_CODE_SESSION_ID: 'c', CLAUDE_PID: '500' };
const codex = { CODEX_SESSION_ID: 'x', CODEX_THREAD_ID: 'x' };

it.each([
  ['nobody', {}, chainOf('zsh'), null, null],
  ['Claude', claude, chainOf('zsh', ['claude', 500]), 'claude', 'c'],
  ['Codex', codex, chainOf('bash', ['codex', 600]), 'codex', 'x'],
  ['Codex by thread id alone', { CODEX_THREAD_ID: 'x' }, chainOf('bash'), 'codex', 'x'],
  [
    'empty variables',
    { CLAUDE_CODE_SESSION_ID: '', CODEX_SESSION_ID: '' },
    chainOf('zsh'),
    null,
    null,
  ],
  [
    'Codex inside Claude',
    { ...claude, ...codex },
    chainOf('bash', ['codex', 600], 'zsh', ['claude', 500]),
    'codex',
    'x',
  ],
  [
    'Claude inside Codex',
    { ...claude, ...codex },
    chainOf('zsh', ['claude', 500], 'bash', ['codex', 600]),
    'claude',
    'c',
  ],
  [
    'the daemon, with the variables of a Claude pane',
    { ...claude, ...codex },
    chainOf('bash', ['codex', 600]),
    'codex',
    'x',
  ],
  [
    'Claude under another process name',
    { ...claude, ...codex },
    chainOf('zsh', ['node', 500], ['codex', 600]),
    'claude',
    'c',
  ],
  [
    'a person in a pane that an agent once started',
    claude,
    chainOf('zsh', 'tmux: server'),
    null,
    null,
  ],
  [
    'a person in a pane that a Codex once started',
    codex,
    chainOf('zsh', 'tmux: server'),
    null,
    null,
  ],
  [
    'Claude in a pane',
    claude,
    chainOf('zsh', ['claude', 500], 'zsh', 'tmux: server'),
    'claude',
    'c',
  ],
  [
    'Codex in a pane that a Claude started',
    { ...claude, ...codex },
    chainOf('bash', ['codex', 600], 'zsh', 'tmux: server'),
    'codex',
    'x',
  ],
  ['a detached command of Claude', claude, chainOf('zsh'), 'claude', 'c'],
])('hostOf: %s', (_name, env, chain, host, sessionId) => {
  expect(hostOf(env, chain)).toEqual({ host, sessionId });
});
