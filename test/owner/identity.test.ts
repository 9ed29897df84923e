import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import {
  type IdentityInput,
  type IdentityProbes,
  identify,
  isKnown,
  withPane,
} from '../../src/owner/identity.ts';
import type { ProcessInfo } from '../../src/owner/process.ts';
import type { TmuxAnswer } from '../../src/owner/tmux.ts';
import { askerOf, PANE } from './make.ts';

const TABLE: Record<number, [ppid: number, name: string]> = {
  10: [20, 'node'],
  20: [30, 'sh'],
  30: [40, 'claude'],
  40: [50, 'zsh'],
  50: [1, 'tmux: server'],
};

function read(pid: number): ProcessInfo | null {
  const [ppid, name] = TABLE[pid] ?? [];
  if (ppid === undefined || name === undefined) return null;
  return { pid, start: `boot:${pid}`, ppid, state: 'S', name };
}

const facts = (panePid: number, shared = false): TmuxAnswer => ({
  kind: 'facts',
  facts: { pane: PANE, panePid, shared, allPanes: ['%1', '%2'] },
});

const input = (env: Record<string, string> = {}): IdentityInput => ({
  host: 'claude',
  sessionId: 's',
  cwd: '/repo',
  pid: 10,
  env: { TMUX: '/tmp/tmux-1000/default,100,0', TMUX_PANE: '%1', CLAUDE_PID: '30', ...env },
});

function prove(answer: TmuxAnswer, given = input()) {
  let asked = 0;
  const ask = () => {
    asked++;
    return answer;
  };
  const probes: IdentityProbes = { read, ask };
  const me = withPane(identify(given, probes), given, probes);
  return { me, asked };
}

it('proves session, agent process and pane', () => {
  const { me } = prove(facts(40));
  expect(me).toMatchObject({ host: 'claude', sessionId: 's', cwd: '/repo' });
  expect(me.agent).toEqual({ pid: 30, start: 'boot:30' });
  expect(me.pane).toEqual(PANE);
  expect(me.serverPanes).toEqual(['%1', '%2']);
});

it.each<[string, TmuxAnswer]>([
  ['this process does not descend from the pane', facts(41)],
  ['the pane process is a sibling', facts(11)],
  ['the server is stopped', { kind: 'failed', reason: 'timeout' }],
  ['the server is gone', { kind: 'failed', reason: 'no-server' }],
  ['the pane is gone', { kind: 'failed', reason: 'no-pane' }],
  ['another server answers', { kind: 'failed', reason: 'other-server' }],
  ['there is no tmux', { kind: 'failed', reason: 'no-tmux' }],
])('no pane: %s', (_name, answer) => {
  const { me, asked } = prove(answer);
  expect(asked).toBe(1);
  expect(me).toMatchObject({ pane: null, sharedPane: false, serverPanes: [], sessionId: 's' });
});

it("no pane: this process runs in Codex's shared daemon, which is a child of the pane", async () => {
  const daemon = spawn('/bin/sh', ['-c', 'echo up; read -r line', 'codex', '--managed-daemon']);
  onTestFinished(() => void daemon.kill('SIGKILL'));
  await once(daemon.stdout, 'data');
  const pid = daemon.pid ?? 0;
  const table: ProcessInfo[] = [
    { pid: 10, start: 'boot:10', ppid: pid, state: 'S', name: 'node' },
    { pid, start: 'boot:11', ppid: 40, state: 'S', name: 'codex' },
  ];
  const probes: IdentityProbes = {
    read: (asked) => table.find((info) => info.pid === asked) ?? read(asked),
    ask: () => facts(40),
  };
  const given: IdentityInput = { ...input(), host: 'codex' };
  const me = withPane(identify(given, probes), given, probes);
  expect(me).toMatchObject({ pane: null, agent: null, sessionId: 's' });
});

it('asks no server without a claim', () => {
  expect(prove(facts(40), input({ TMUX_PANE: '' })).asked).toBe(0);
});

it('a pane in several tmux sessions is told as shared', () => {
  expect(prove(facts(40, true)).me.sharedPane).toBe(true);
});

it.each([
  ['a session', { agent: null, pane: null }, true],
  ['a pane', { sessionId: null, agent: null }, true],
  ['an agent process', { sessionId: null, pane: null }, true],
  ['nothing', { sessionId: null, agent: null, pane: null }, false],
])('isKnown: %s', (_name, changes, expected) => {
  expect(isKnown(askerOf(changes))).toBe(expected);
});
