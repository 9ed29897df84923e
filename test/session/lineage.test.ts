import { beforeEach, expect, it } from 'vitest';
import type { Lineage } from '../../src/owner/lineage.ts';
import { machineId } from '../../src/owner/machine.ts';
import {
  type AgentProcess,
  type Liveness,
  processStamp,
  readProcess,
} from '../../src/owner/process.ts';
import { lineages, type Occasion } from '../../src/session/lineage.ts';
import type { SessionRecord } from '../../src/session/schema.ts';
import { updateSession } from '../../src/session/store.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';
import { AGENT, askerOf, PANE, stampOf } from '../owner/make.ts';
import { makeRecord } from './make.ts';

let paths: StatePaths;
beforeEach(() => {
  paths = statePaths(scratchDir());
});

const owner = { pid: AGENT.pid, start: 'b:100' };
const heir = { pid: 600, start: 'b:1000' };
const start = (source: string | null, above: AgentProcess[] = []): Occasion => ({
  at: 'start',
  source,
  above,
});

function put(...records: Partial<SessionRecord>[]): void {
  for (const record of records) {
    const { sessionId, ...rest } = makeRecord(record);
    updateSession(paths, sessionId, 1000, () => ({ sessionId, ...rest }));
  }
}

/** What is recorded next to the stamp of `session-a`, whose process ran from 1 s on, of `session-b`, from 10 s on. */
function lineage(
  occasion: Occasion,
  me = heir,
  agent: Liveness = 'dead',
  mine?: SessionRecord,
  stamped: AgentProcess = owner,
): Lineage {
  const { machine } = makeRecord({});
  const stamp = stampOf({ agent: stamped, seenAt: 'b:300', machine });
  const asker = askerOf({ sessionId: 'session-b', agent: me });
  return lineages(paths, mine ?? null, occasion, () => 'b:2000')(stamp, asker, agent);
}

const a = { sessionId: 'session-a', agent: owner, pane: PANE, seenAt: 'b:500' };

it.each<[string, Partial<SessionRecord>[], Lineage['restart']]>([
  ['its SessionEnd came first', [{ ...a, endReason: 'other', endSeenAt: 'b:900' }], 'after'],
  ['a look had found it gone', [{ ...a, goneSeenAt: 'b:950' }], 'after'],
  [
    'its SessionEnd came within 5 s',
    [{ ...a, endReason: 'other', endSeenAt: 'b:1200' }],
    'at-once',
  ],
  [
    'it was cleared, and its process ended later',
    [{ ...a, endReason: 'clear', endSeenAt: 'b:600' }],
    'beside',
  ],
  [
    'its process ended in the session after it',
    [
      { ...a, endReason: 'clear', endSeenAt: 'b:600' },
      {
        sessionId: 'session-x',
        agent: owner,
        seenAt: 'b:700',
        endReason: 'other',
        endSeenAt: 'b:900',
      },
    ],
    'after',
  ],
  [
    'Codex told its end while its process went on in another session',
    [
      { ...a, endReason: 'other', endSeenAt: 'b:800' },
      { sessionId: 'session-x', agent: owner, seenAt: 'b:700' },
    ],
    'beside',
  ],
  ['no end is recorded, so only this look tells', [a], 'beside'],
  [
    'its record is of another process',
    [{ ...a, agent: heir, endReason: 'other', endSeenAt: 'b:900' }],
    'beside',
  ],
  ['nothing is recorded of it', [], 'beside'],
])('a session that starts when the owner is dead: %s', (_name, records, expected) => {
  put(...records);
  expect(lineage(start('startup')).restart).toBe(expected);
});

it('a session that goes on in another process has not ended with the stamped one', () => {
  const here = processStamp(readProcess(process.pid) ?? owner);
  put({ ...a, agent: here, machine: machineId(), endReason: null });
  put({
    sessionId: 'session-x',
    agent: owner,
    seenAt: 'b:600',
    endReason: 'other',
    endSeenAt: 'b:900',
  });
  expect(lineage(start('startup')).restart).toBe('beside');
});

it('what ran before the machine was started anew had ended by then, whoever saw it gone later', () => {
  put({ ...a, goneSeenAt: 'b2:1500' });
  const restarted = { pid: 600, start: 'b2:1000' };
  expect(lineage(start('startup'), restarted)).toMatchObject({ restart: 'after', alone: true });
});

it('a child of the owner is no restart of it', () => {
  put({ ...a, endReason: 'other', endSeenAt: 'b:1200' });
  expect(lineage(start('startup', [owner])).restart).toBe('beside');
});

it.each<[string, Partial<SessionRecord>[], boolean]>([
  ['nobody else', [], true],
  [
    'one in another tmux session',
    [
      {
        sessionId: 'x',
        agent: { pid: 7, start: 'b:7' },
        pane: { ...PANE, sessionId: '$9', sessionName: 'else' },
      },
    ],
    true,
  ],
  [
    'one that ended before the owner',
    [
      {
        sessionId: 'x',
        agent: { pid: 7, start: 'b:7' },
        pane: PANE,
        seenAt: 'b:8',
        endReason: 'other',
        endSeenAt: 'b:9',
      },
    ],
    true,
  ],
  [
    'one that ended with it, a moment before, as with their tmux server',
    [
      {
        sessionId: 'x',
        agent: { pid: 7, start: 'b:7' },
        pane: PANE,
        seenAt: 'b:8',
        endReason: 'other',
        endSeenAt: 'b:8990',
      },
    ],
    false,
  ],
  [
    'one that ended after the owner',
    [
      {
        sessionId: 'x',
        agent: { pid: 7, start: 'b:7' },
        pane: PANE,
        seenAt: 'b:8',
        endReason: 'other',
        endSeenAt: 'b:9001',
      },
    ],
    false,
  ],
  [
    'one whose end is not known',
    [{ sessionId: 'x', agent: { pid: 7, start: 'b:7' }, pane: PANE }],
    false,
  ],
  [
    'one of another machine, whose tmux session has the same socket and name',
    [{ sessionId: 'x', agent: { pid: 7, start: 'b:7' }, pane: PANE, machine: 'another' }],
    true,
  ],
  [
    'one of another container',
    [{ sessionId: 'x', agent: { pid: 7, start: 'b:7', namespace: '2:1' }, pane: PANE }],
    true,
  ],
  [
    "an earlier session of the owner's process",
    [{ sessionId: 'x', agent: owner, pane: PANE, seenAt: 'b:200' }],
    true,
  ],
])('the owner was the only agent of its tmux session, beside %s: ', (_name, others, expected) => {
  const agent = { ...owner, namespace: '1' };
  put({ ...a, agent, endReason: 'other', endSeenAt: 'b:9000' }, ...others);
  expect(
    lineage(start('startup'), { pid: 600, start: 'b:10000' }, 'dead', undefined, agent).alone,
  ).toBe(expected);
});

it.each<[string, string | null, Partial<SessionRecord>[], boolean]>([
  ['directly after the owner', 'clear', [a], true],
  [
    'after a session that followed the owner',
    'clear',
    [a, { sessionId: 'x', agent: owner, seenAt: 'b:600' }],
    false,
  ],
  [
    'after one that was before the owner',
    'clear',
    [a, { sessionId: 'x', agent: owner, seenAt: 'b:400' }],
    true,
  ],
  ['by resume', 'resume', [a], false],
  ['by fork', 'fork', [a], false],
  ['as a new session', 'startup', [a], false],
  ['in another process', 'clear', [{ ...a, agent: heir }], false],
  ['where nothing is recorded', 'clear', [], false],
])('began %s: is it cleared from the owner?', (_name, source, records, expected) => {
  put(...records);
  expect(lineage(start(source), owner, 'alive').cleared).toBe(expected);
});

it('later on, only a session without a recorded start is looked at', () => {
  put(a);
  const recorded = makeRecord({ sessionId: 'session-b', startSeenAt: 'b:1000' });
  expect(lineage({ at: 'later' }, heir, 'dead', recorded).restart).toBe('decided');
  expect(lineage({ at: 'later' }).restart).toBe('unrecorded');
  expect(lineage({ at: 'later' }, { pid: 600, start: 'b:400' }).restart).toBe('beside');
  expect(lineage({ at: 'later' }, heir, 'unknown').restart).toBe('beside');
});

it('tells whether the stamped session runs; nothing recorded is nothing running', () => {
  expect(lineage({ at: 'later' }).stamped).toBe('dead');
  put({ ...a, agent: null });
  expect(lineage({ at: 'later' }).stamped).toBe('unknown');
});

it.each<[string, Partial<SessionRecord>, Lineage['restart']]>([
  ['it may have run beside the owner', { agent: { pid: 7, start: 'b:200' } }, 'beside'],
  [
    'it had ended before the owner began',
    { agent: { pid: 7, start: 'b:10' }, seenAt: 'b:20', endReason: 'other', endSeenAt: 'b:50' },
    'after',
  ],
  ['it is of this very process', { agent: heir }, 'after'],
])('a session that was recorded before: %s', (_name, changes, expected) => {
  const mine = makeRecord({ sessionId: 'session-b', ...changes });
  put({ ...a, endReason: 'other', endSeenAt: 'b:900' }, mine);
  expect(lineage(start('resume'), heir, 'dead', mine).restart).toBe(expected);
});
