import { expect, it } from 'vitest';
import { INITIAL_NAMESPACE, type Namespace, UNKNOWN_NAMESPACE } from '../../src/owner/namespace.ts';
import {
  type AgentProcess,
  ancestors,
  type Liveness,
  livenessOf,
  type ProcessInfo,
  parseProcStat,
  parsePs,
  readProcess,
  sameProcess,
} from '../../src/owner/process.ts';
import { endedStamp, stampOfPid } from '../support/process-stamp.ts';

const tail = (state: string, ppid: number, ticks: number) =>
  `${state} ${ppid} 7 7 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 ${ticks} 999 888\n`;

it.each([
  ['a plain name', `42 (claude) ${tail('S', 7, 5000)}`, 'claude', 'S'],
  ['spaces', `42 (tmux: server) ${tail('S', 7, 5000)}`, 'tmux: server', 'S'],
  ['parentheses', `42 (a) b (c)) ${tail('R', 7, 5000)}`, 'a) b (c)', 'R'],
  ['a name that looks like the fields', `42 (x) S 1 1 1) ${tail('D', 7, 5000)}`, 'x) S 1 1 1', 'D'],
  ['a newline', `42 (a\nb) ${tail('S', 7, 5000)}`, 'a\nb', 'S'],
  ['an empty name', `42 () ${tail('S', 7, 5000)}`, '', 'S'],
  ['a zombie', `42 (node) ${tail('Z', 7, 5000)}`, 'node', 'Z'],
])('/proc/PID/stat: %s', (_name, stat, name, state) => {
  expect(parseProcStat(stat, 'boot')).toEqual({
    pid: 42,
    start: 'boot:5000',
    ppid: 7,
    state,
    name,
  });
});

it.each(['', '42', '42 (claude', '42 claude) S 1', '42 (claude) S 7 7', '(x) S 1 1'])(
  '/proc/PID/stat: nothing comes of %j',
  (stat) => expect(parseProcStat(stat, 'boot')).toBeUndefined(),
);

it.each([
  ['macOS', '  501 S+   Sat Nov 21 07:31:00 2026 /usr/local/bin/claude\n', 501, 'S+', 'claude'],
  ['a day of one digit', '1 Ss Sun Nov  1 07:31:00 2026     -zsh', 1, 'Ss', '-zsh'],
  ['a path with spaces', '9 S Sat Nov 21 07:31:00 2026 /App S/My Codex', 9, 'S', 'My Codex'],
  ['a zombie', '9 Z Sat Nov 21 07:31:00 2026 (node)', 9, 'Z', '(node)'],
])('ps: %s', (_name, line, ppid, state, name) => {
  const info = parsePs(42, line);
  expect(info).toMatchObject({ pid: 42, ppid, state, name });
  expect(info?.start).toMatch(/^S\w\w Nov \d+ 07:31:00 2026$/);
});

it.each(['', '\n', 'no such process', '9 S claude', '9 S Sa 21 Nov 07:31 2026 claude'])(
  'ps: nothing comes of %j',
  (line) => expect(parsePs(42, line)).toBeUndefined(),
);

const info = (changes: Partial<ProcessInfo> = {}): ProcessInfo => ({
  pid: 42,
  start: 's1',
  ppid: 1,
  state: 'S',
  name: 'claude',
  ...changes,
});

it.each([
  ['there', info(), 'alive'],
  ['stopped', info({ state: 'T' }), 'alive'],
  ['in the foreground, on macOS', info({ state: 'S+' }), 'alive'],
  ['traced by a debugger, on macOS', info({ state: 'SX+' }), 'alive'],
  ['gone', null, 'dead'],
  ['another process under the pid', info({ start: 's2' }), 'dead'],
  ['a zombie', info({ state: 'Z' }), 'dead'],
  ['a zombie on macOS', info({ state: 'Z+' }), 'dead'],
  ['dying', info({ state: 'X' }), 'dead'],
  ['unreadable', undefined, 'unknown'],
] as const)('livenessOf: %s', (_name, found, expected) => {
  expect(livenessOf({ pid: 42, start: 's1' }, () => found, null)).toBe(expected);
});

it.each([
  ['there', info(), 'unknown'],
  ['gone', null, 'dead'],
  ['unreadable', undefined, 'unknown'],
] as const)('livenessOf a stamp whose start could not be read, %s', (_name, found, expected) => {
  expect(livenessOf({ pid: 42, start: '' }, () => found, null)).toBe(expected);
});

const CONTAINER = '4026532177:66443';
const THIS_BOOT = readProcess(process.pid)?.start ?? '';

it.each<[string, Partial<AgentProcess>, Namespace, Liveness]>([
  [
    'stamped here, in the first namespace',
    { namespace: INITIAL_NAMESPACE },
    INITIAL_NAMESPACE,
    'dead',
  ],
  ['stamped here, in a container', { namespace: CONTAINER }, CONTAINER, 'dead'],
  [
    'stamped outside, seen from a container',
    { namespace: INITIAL_NAMESPACE },
    CONTAINER,
    'unknown',
  ],
  [
    'stamped in a container, seen from outside',
    { namespace: CONTAINER },
    INITIAL_NAMESPACE,
    'unknown',
  ],
  [
    'stamped in a container whose inode is used again',
    { namespace: CONTAINER },
    '4026532177:9',
    'unknown',
  ],
  ['by 0.1, in this boot, seen from outside', { start: THIS_BOOT }, INITIAL_NAMESPACE, 'unknown'],
  ['by 0.1, in this boot, seen from a container', { start: THIS_BOOT }, CONTAINER, 'unknown'],
  ['by 0.1, before a reboot, seen from outside', {}, INITIAL_NAMESPACE, 'dead'],
  ['by 0.1, before a reboot, seen from a container', {}, CONTAINER, 'unknown'],
  ['by 0.1, without a start', { start: '' }, INITIAL_NAMESPACE, 'unknown'],
  ['with a namespace, where there are none', { namespace: CONTAINER }, null, 'unknown'],
  ['without one, where there are none', {}, null, 'dead'],
  [
    'here, by what cannot tell its own namespace',
    { namespace: CONTAINER },
    UNKNOWN_NAMESPACE,
    'unknown',
  ],
  ['by 0.1, for what cannot tell its own', {}, UNKNOWN_NAMESPACE, 'unknown'],
])('livenessOf a process that has ended: stamped %s', (_name, changes, here, expected) => {
  const stamp = { pid: 42, start: 'earlier-boot:7', ...changes };
  expect(livenessOf(stamp, () => null, here)).toBe(expected);
});

it.each<[string, AgentProcess | null, boolean]>([
  ['itself', { pid: 42, start: 's1', namespace: CONTAINER }, true],
  ['a stamp of 0.1', { pid: 42, start: 's1' }, true],
  ['another start', { pid: 42, start: 's2', namespace: CONTAINER }, false],
  ['another pid', { pid: 43, start: 's1', namespace: CONTAINER }, false],
  ['another namespace', { pid: 42, start: 's1', namespace: INITIAL_NAMESPACE }, false],
  ['nothing', null, false],
])('sameProcess: a process and %s', (_name, other, expected) => {
  const one = { pid: 42, start: 's1', namespace: CONTAINER };
  expect(sameProcess(one, other)).toBe(expected);
  expect(sameProcess(other, one)).toBe(expected);
});

it('livenessOf: no stamp is unknown, and asks nobody', () => {
  const read = () => {
    throw new Error('asked');
  };
  expect(livenessOf(null, read)).toBe('unknown');
});

it('ancestors: nearest first, to the first that cannot be read, and never for ever', () => {
  const table = new Map([
    [5, info({ pid: 5, ppid: 4 })],
    [4, info({ pid: 4, ppid: 3 })],
    [3, info({ pid: 3, ppid: 2 })],
  ]);
  expect(ancestors(5, (pid) => table.get(pid)).map(({ pid }) => pid)).toEqual([4, 3]);
  expect(ancestors(9, () => null)).toEqual([]);
  expect(ancestors(9, (pid) => info({ pid, ppid: 9 }))).toHaveLength(64);
});

it('reads this very process, and its parent, from the system', () => {
  const me = readProcess(process.pid);
  expect(me).toMatchObject({ pid: process.pid, ppid: process.ppid });
  expect(livenessOf(stampOfPid())).toBe('alive');
  expect(livenessOf(endedStamp())).toBe('dead');
  expect(readProcess(2 ** 22 + 1)).toBeNull();
  expect(ancestors(process.pid)[0]?.pid).toBe(process.ppid);
});
