import { expect, it } from 'vitest';
import type { Identity } from '../../src/owner/identity.ts';
import { type Match, match, type OwnerRow } from '../../src/owner/match.ts';
import type { AgentProcess } from '../../src/owner/process.ts';
import type { OwnerStamp } from '../../src/owner/stamp.ts';
import { writeBack } from '../../src/owner/write-back.ts';
import { AGENT, askerOf, lineageOf, PANE, stampOf } from './make.ts';

const NEW: Partial<Identity> = {
  host: 'codex',
  sessionId: 'session-b',
  agent: { pid: 600, start: 'boot:2' },
  pane: { ...PANE, id: '%2' },
};
const found = (row: OwnerRow, inherited: boolean, restamp: boolean): Match => ({
  answer: 'owner',
  row,
  inherited,
  restamp,
  facts: [],
});

it.each([
  [2, false],
  [2, true],
  ['3a', false],
  ['3b', true],
  [5, true],
  [6, true],
] as const)('row %s, inherited %s: writes session, host, process and pane', (row, inherited) => {
  const stamp = { ...stampOf({ tmuxName: 'work' }), later: 'kept' };
  const written = writeBack(stamp, askerOf(NEW), found(row, inherited, true));
  const seenAt = expect.stringMatching(/:\d+$/);
  const former = ['session-a'];
  expect(written).toEqual({ ...stamp, ...NEW, tmuxName: null, inherited, former, seenAt });
});

it.each<[string, Partial<Identity>, Partial<OwnerStamp>]>([
  [
    'a place that is not known now is not kept',
    { agent: null, pane: null },
    { agent: null, pane: null },
  ],
  ['the pane of another process is not kept', { pane: null }, { pane: null }],
  ['the pane of the same process is', { agent: AGENT, pane: null }, { agent: AGENT, pane: PANE }],
])('%s', (_name, asker, expected) => {
  const written = writeBack(stampOf(), askerOf({ ...NEW, ...asker }), found('3b', true, true));
  expect(written).toMatchObject(expected);
});

it.each<[string, Match, Partial<Identity>]>([
  ['by the session id', found(2, false, false), NEW],
  ['by the session id, that had inherited', found(2, true, false), NEW],
  ['foreign, row 4', { answer: 'foreign', row: 4, facts: [] }, NEW],
  ['foreign, row 7', { answer: 'foreign', row: 7, facts: [] }, NEW],
  ['foreign, row 8', { answer: 'foreign', row: 8, facts: [] }, NEW],
  ['unowned', { answer: 'unowned', row: 1, facts: [] }, NEW],
  ['unknown', { answer: 'unknown-identity', row: 9, facts: [] }, NEW],
  ['inherited, by nobody', found('3b', true, true), { ...NEW, sessionId: null }],
  ['inherited, by no host', found('3b', true, true), { ...NEW, host: null }],
])('writes nothing: %s', (_name, answer, changes) => {
  const stamp = stampOf();
  expect(writeBack(stamp, askerOf(changes), answer)).toBe(stamp);
});

/** The world as the ladder sees it: which agent processes live, one stop after the other. */
function stops(stamp: OwnerStamp, alive: AgentProcess[], ...askers: Partial<Identity>[]) {
  const lineage = lineageOf({ restart: 'after', alone: true });
  const answers: string[] = [];
  let now = stamp;
  for (const changes of askers) {
    const me = askerOf(changes);
    const there = alive.some(({ pid }) => pid === now.agent?.pid);
    const answer = match(now, me, { agent: there ? 'alive' : 'dead', sameCheckout: true, lineage });
    answers.push(answer.answer);
    now = writeBack(now, me, answer);
  }
  return { answers, stamp: now };
}

const resumed = { pid: 600, start: 'boot:2' };
const child = { sessionId: 'session-c', agent: { pid: 700, start: 'boot:3' } };

it('a child in the pane of an owner that inherited the build is foreign', () => {
  const heir = { sessionId: 'session-b', agent: resumed };
  const { answers } = stops(stampOf(), [resumed, child.agent], heir, child, heir);
  expect(answers).toEqual(['owner', 'foreign', 'owner']);
});

it('a child in the pane of an owner that was resumed under its session id is foreign', () => {
  const { answers } = stops(stampOf(), [resumed, child.agent], { agent: resumed }, child);
  expect(answers).toEqual(['owner', 'foreign']);
});

it('a new session in the pane that the owner left by resuming elsewhere is foreign', () => {
  const moved = { agent: resumed, pane: { ...PANE, id: '%2' } };
  const { answers, stamp } = stops(stampOf(), [resumed, child.agent], moved, child, moved);
  expect(answers).toEqual(['owner', 'foreign', 'owner']);
  expect(stamp.sessionId).toBe('session-a');
});

it('remembers the newest sessions that owned it, each once, and not the present one', () => {
  const former = ['session-b', ...Array.from({ length: 20 }, (_, at) => `s-${at}`)];
  const written = writeBack(stampOf({ former }), askerOf(NEW), found(2, false, true));
  expect(written.former).toEqual([...former.slice(2), 'session-a']);
});

it('writes down the machine of a session that goes on elsewhere', () => {
  const written = writeBack(stampOf(), askerOf({ ...NEW, machine: 'm2' }), found(2, false, true));
  expect(written.machine).toBe('m2');
});
