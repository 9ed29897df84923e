import { expect, it } from 'vitest';
import type { Identity } from '../../src/owner/identity.ts';
import type { Lineage } from '../../src/owner/lineage.ts';
import { type Match, match } from '../../src/owner/match.ts';
import type { Liveness } from '../../src/owner/process.ts';
import type { OwnerStamp } from '../../src/owner/stamp.ts';
import { AGENT, askerOf, lineageOf, PANE, stampOf } from './make.ts';

const other = { sessionId: 'session-b', agent: { pid: 600, start: 'boot:2' } };
const reused = { sessionId: 'session-b', agent: { pid: AGENT.pid, start: 'boot:9' } };
const cleared = { sessionId: 'session-b' };
const pane2 = { ...PANE, id: '%2' };
const pane2Renamed = { ...pane2, sessionName: 'renamed' };
const pane2OfTwin = { ...pane2, sessionId: '$4' };
const otherTmuxSession = { ...pane2, sessionId: '$3', sessionName: 'else' };
const restarted = { serverPid: 200, serverStart: '1800000000' };
const sameIdAfterRestart = { ...PANE, ...restarted };
const pane2AfterRestart = { ...pane2, ...restarted };
const elseAfterRestart = { ...PANE, ...restarted, sessionName: 'else' };
const otherSocket = { ...PANE, socket: '/tmp/tmux-1000/other' };
const pane2OtherSocket = { ...pane2, socket: '/tmp/tmux-1000/other', serverPid: 300 };
const oldGone = { serverPanes: ['%2'] };
const named = { host: null, sessionId: null, agent: null, pane: null, tmuxName: 'work' } as const;
const sessionOnly = { host: null, agent: null, pane: null } as const;
const nobody = { sessionId: null, agent: null, pane: null, serverPanes: [] };
const elsewhere = { machine: 'machine-2' };
const returned = { former: ['session-b', 'session-c'] };

/** What is recorded, in short: how the agent process started, and what else speaks for the asker. */
const RECORDED: Record<string, Partial<Lineage>> = {
  beside: {},
  clear: { cleared: true },
  restart: { restart: 'after', alone: true },
  'restart, not alone': { restart: 'after' },
  'at once': { restart: 'at-once', alone: true },
  unrecorded: { restart: 'unrecorded', alone: true },
  decided: { restart: 'decided', alone: true },
  'stamped session alive': { restart: 'after', alone: true, stamped: 'alive' },
  'stamped session unknown': { restart: 'after', alone: true, stamped: 'unknown' },
};

type Situation = [
  name: string,
  stamp: Partial<OwnerStamp> | null,
  asker: Partial<Identity>,
  agent: Liveness,
  checkout: 'same' | 'other',
  recorded: keyof typeof RECORDED,
  expected: string,
];

// biome-ignore format: one situation per line
const SITUATIONS: Situation[] = [
  // Row 1: no stamp.
  ['no stamp', null, {}, 'unknown', 'same', 'restart', '1 unowned'],
  ['no stamp, no identity', null, nobody, 'unknown', 'same', 'restart', '1 unowned'],
  // Row 2: the session id.
  ['same session', {}, {}, 'alive', 'same', 'beside', '2 owner'],
  ['same session, other checkout', {}, {}, 'alive', 'other', 'beside', '2 owner'],
  ['same session, agent dead (resumed)', {}, { agent: other.agent }, 'dead', 'same', 'beside', '2 moved'],
  ['same session, agent cannot be told (another container)', {}, { agent: other.agent }, 'unknown', 'same', 'beside', '2 moved'],
  ['same session, agent alive (resumed beside it)', {}, { agent: other.agent }, 'alive', 'same', 'beside', '2 owner'],
  ['same session, agent dead, mine not known', {}, { agent: null }, 'dead', 'same', 'beside', '2 owner'],
  ['same session, that had inherited it', { inherited: true }, {}, 'alive', 'same', 'beside', '2 inherited'],
  ['same session in another pane', {}, { pane: pane2 }, 'alive', 'same', 'beside', '2 owner'],
  ['same session, no pane, no agent', {}, { pane: null, agent: null }, 'alive', 'same', 'beside', '2 owner'],
  ['same session in the shared daemon', { agent: null, pane: null }, { agent: null, pane: null }, 'unknown', 'other', 'beside', '2 owner'],
  ['same session, shared pane', {}, { sharedPane: true }, 'alive', 'same', 'beside', '2 owner'],
  ['same session, other machine', {}, elsewhere, 'alive', 'same', 'beside', '2 owner'],
  ['same session, other machine, other process', {}, { ...elsewhere, agent: other.agent }, 'dead', 'same', 'beside', '2 moved'],
  ['same session, whose start is recorded', {}, {}, 'alive', 'same', 'decided', '2 owner'],
  ['stamped by --owner-session', sessionOnly, { agent: other.agent, pane: pane2 }, 'unknown', 'other', 'beside', '2 moved'],
  ['--owner-session, another session', sessionOnly, other, 'unknown', 'same', 'restart', '8 foreign'],
  ['--owner-session, another in the same checkout and no pane', sessionOnly, { ...other, pane: null }, 'unknown', 'same', 'restart', '8 foreign'],
  ['a former session, the owner dead', returned, other, 'dead', 'other', 'decided', '2 moved'],
  ['a former session in no pane, the owner dead', returned, { ...other, pane: null }, 'dead', 'same', 'beside', '2 moved'],
  ['a former session, the owner alive', returned, other, 'alive', 'same', 'restart', '4 foreign'],
  ['a former session, the owner cannot be told', returned, other, 'unknown', 'same', 'restart', '4 foreign'],
  ['no former session, the owner dead', returned, { ...other, sessionId: 'session-d', pane: null }, 'dead', 'same', 'restart', '8 foreign'],
  // Row 3a: the same agent process, by clear.
  ['/clear: same pane and agent', {}, cleared, 'alive', 'same', 'clear', '3a owner'],
  ['/clear outside tmux', { pane: null }, { ...cleared, pane: null }, 'alive', 'same', 'clear', '3a owner'],
  ['/clear in another pane than the stamped one', {}, { ...cleared, pane: pane2 }, 'alive', 'same', 'clear', '3a owner'],
  ['/clear in another checkout', {}, cleared, 'alive', 'other', 'clear', '4 foreign'],
  ['/clear in a shared pane', {}, { ...cleared, sharedPane: true }, 'alive', 'same', 'clear', '3a owner'],
  ['/clear after the tmux session was renamed', {}, { ...cleared, pane: { ...PANE, sessionName: 'x' } }, 'alive', 'same', 'clear', '3a owner'],
  ['/clear on another machine', {}, { ...cleared, ...elsewhere }, 'alive', 'same', 'clear', '8 foreign'],
  ['/resume into another conversation', {}, cleared, 'alive', 'same', 'beside', '4 foreign'],
  ['/resume into another conversation, outside tmux', { pane: null }, { ...cleared, pane: null }, 'alive', 'same', 'beside', '8 foreign'],
  ['/resume into another conversation, judged before', {}, cleared, 'alive', 'same', 'decided', '4 foreign'],
  ['clear of another process', {}, other, 'alive', 'same', 'clear', '4 foreign'],
  ['clear in a process that is not known (a daemon)', { agent: null }, { ...cleared, agent: null }, 'unknown', 'same', 'clear', '4 foreign'],
  // Row 3b: the pane, by a restart.
  ['restarted in the pane', {}, other, 'dead', 'same', 'restart', '3b inherited'],
  ['restarted in the pane, one of several agents', {}, other, 'dead', 'same', 'restart, not alone', '3b inherited'],
  ['respawned in the pane', {}, other, 'dead', 'same', 'at once', '3b inherited'],
  ['hooks without a start, a younger process', {}, other, 'dead', 'same', 'unrecorded', '3b inherited'],
  ['restarted in the pane, other checkout', {}, other, 'dead', 'other', 'restart', '4 foreign'],
  ['restarted under the reused pid', {}, reused, 'dead', 'same', 'restart', '3b inherited'],
  ['restarted as another host', {}, { ...other, host: 'codex' }, 'dead', 'same', 'restart', '3b inherited'],
  ['restarted in a shared pane', {}, { ...other, sharedPane: true }, 'dead', 'same', 'restart', '3b inherited'],
  ['same pane, other machine', {}, { ...other, ...elsewhere }, 'dead', 'same', 'restart', '8 foreign'],
  // Row 4: the pane, otherwise.
  ['started by another agent of the pane when the owner was dead', {}, { ...other, outermost: false }, 'dead', 'same', 'restart', '4 foreign'],
  ['a parent whose child left the build open', {}, other, 'dead', 'same', 'beside', '4 foreign'],
  ['same pane, its place was judged at its start', {}, other, 'dead', 'same', 'decided', '4 foreign'],
  ['same pane, agent cannot be told', {}, other, 'unknown', 'same', 'restart', '4 foreign'],
  ['same pane, stamp without agent', { agent: null }, other, 'unknown', 'same', 'restart', '4 foreign'],
  ['same pane, asker without agent', {}, { ...other, agent: null }, 'dead', 'same', 'beside', '4 foreign'],
  ['child claude -p in the pane', {}, other, 'alive', 'same', 'beside', '4 foreign'],
  ['child in the pane, other checkout', {}, other, 'alive', 'other', 'beside', '4 foreign'],
  ['child whose agent is not known', {}, { ...other, agent: null }, 'alive', 'same', 'beside', '4 foreign'],
  ['same pid, other start, agent alive', {}, reused, 'alive', 'same', 'restart', '4 foreign'],
  // Row 5: a name.
  ['--owner-tmux, same name', named, other, 'unknown', 'same', 'beside', '5 owner'],
  ['--owner-tmux, an agent that already ran', named, other, 'unknown', 'same', 'decided', '5 owner'],
  ['--owner-tmux, same name, other checkout', named, other, 'unknown', 'other', 'beside', '8 foreign'],
  ['--owner-tmux, a child of the agent', named, { ...other, outermost: false }, 'unknown', 'same', 'beside', '8 foreign'],
  ['--owner-tmux, other name', named, { ...other, pane: otherTmuxSession }, 'unknown', 'same', 'beside', '8 foreign'],
  ['--owner-tmux, name is a prefix', { ...named, tmuxName: 'wor' }, other, 'unknown', 'same', 'beside', '8 foreign'],
  ['--owner-tmux, my name is a prefix', { ...named, tmuxName: 'work-2' }, other, 'unknown', 'same', 'beside', '8 foreign'],
  ['--owner-tmux, name in another case', { ...named, tmuxName: 'Work' }, other, 'unknown', 'same', 'beside', '8 foreign'],
  ['--owner-tmux, no pane', named, { ...other, pane: null }, 'unknown', 'same', 'beside', '8 foreign'],
  ['--owner-tmux, shared pane', named, { ...other, sharedPane: true }, 'unknown', 'same', 'beside', '8 foreign'],
  ['--owner-tmux, other machine', named, { ...other, ...elsewhere }, 'unknown', 'same', 'beside', '8 foreign'],
  ['both flags, found by the name', { ...named, sessionId: 'session-a' }, other, 'unknown', 'same', 'beside', '5 owner'],
  ['both flags, found by the session', { ...named, sessionId: 'session-a' }, {}, 'unknown', 'same', 'beside', '2 moved'],
  ['both flags, the session runs elsewhere', { ...named, sessionId: 'session-a' }, other, 'unknown', 'same', 'stamped session alive', '8 foreign'],
  ['both flags, the session cannot be told', { ...named, sessionId: 'session-a' }, other, 'unknown', 'same', 'stamped session unknown', '8 foreign'],
  // Row 6: same tmux session, other pane, pane and agent gone.
  ['started in a new pane by another agent', {}, { ...other, outermost: false, pane: pane2, ...oldGone }, 'dead', 'same', 'restart', '7 foreign'],
  ['restarted in a new pane', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'same', 'restart', '6 inherited'],
  ['new pane, tmux session renamed', {}, { ...other, pane: pane2Renamed, ...oldGone }, 'dead', 'same', 'restart', '6 inherited'],
  ['new tmux session of the same name', {}, { ...other, pane: pane2OfTwin, ...oldGone }, 'dead', 'same', 'restart', '6 inherited'],
  ['server restarted, same name and pane id', {}, { ...other, pane: sameIdAfterRestart }, 'dead', 'same', 'restart', '6 inherited'],
  ['server restarted, same name, other pane id', {}, { ...other, pane: pane2AfterRestart }, 'dead', 'same', 'restart', '6 inherited'],
  // Row 7: same tmux session, other pane, otherwise.
  ['neighbour pane that ran beside the owner', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'same', 'beside', '7 foreign'],
  ['new pane, one of several agents', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'same', 'restart, not alone', '7 foreign'],
  ['new pane, the owner ended just after', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'same', 'at once', '7 foreign'],
  ['new pane, hooks without a start', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'same', 'unrecorded', '7 foreign'],
  ['new pane, its place was judged at its start', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'same', 'decided', '7 foreign'],
  ['new pane, other checkout', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'other', 'restart', '7 foreign'],
  ['new pane, shared', {}, { ...other, pane: pane2, ...oldGone, sharedPane: true }, 'dead', 'same', 'restart', '7 foreign'],
  ['new pane, agent cannot be told', {}, { ...other, pane: pane2, ...oldGone }, 'unknown', 'same', 'restart', '7 foreign'],
  ['new pane, other machine', {}, { ...other, pane: pane2, ...oldGone, ...elsewhere }, 'dead', 'same', 'restart', '8 foreign'],
  ['server restarted, agent alive (detached)', {}, { ...other, pane: sameIdAfterRestart }, 'alive', 'same', 'restart', '7 foreign'],
  ['server restarted, agent cannot be told', {}, { ...other, pane: sameIdAfterRestart }, 'unknown', 'same', 'restart', '7 foreign'],
  ['only the server pid differs', {}, { ...other, pane: { ...PANE, serverPid: 200 } }, 'alive', 'same', 'restart', '7 foreign'],
  ['only the server start differs', {}, { ...other, pane: { ...PANE, serverStart: '9' } }, 'alive', 'same', 'restart', '7 foreign'],
  ['neighbour pane', {}, { ...other, pane: pane2 }, 'alive', 'same', 'beside', '7 foreign'],
  ['neighbour pane, agent dead, pane there', {}, { ...other, pane: pane2 }, 'dead', 'same', 'restart', '7 foreign'],
  ['neighbour pane, pane gone, agent alive', {}, { ...other, pane: pane2, ...oldGone }, 'alive', 'same', 'restart', '7 foreign'],
  ['neighbour pane, agent cannot be told, pane there', {}, { ...other, pane: pane2 }, 'unknown', 'same', 'restart', '7 foreign'],
  ['stamped pane moved to another tmux session', {}, { ...other, pane: pane2 }, 'dead', 'other', 'restart', '7 foreign'],
  // Row 8: known, and nothing matches.
  ['server restarted, same ids, other name', {}, { ...other, pane: elseAfterRestart }, 'dead', 'same', 'restart', '8 foreign'],
  ['other tmux session', {}, { ...other, pane: otherTmuxSession }, 'alive', 'same', 'restart', '8 foreign'],
  ['other tmux session, everything gone', {}, { ...other, pane: otherTmuxSession, serverPanes: ['%2'] }, 'dead', 'same', 'restart', '8 foreign'],
  ['other socket, same names and ids', {}, { ...other, pane: otherSocket }, 'dead', 'same', 'restart', '8 foreign'],
  ['other socket, same name, other pane', {}, { ...other, pane: pane2OtherSocket, ...oldGone }, 'dead', 'same', 'restart', '8 foreign'],
  ['outside tmux', {}, { ...other, pane: null }, 'dead', 'same', 'restart', '8 foreign'],
  ['stamp without pane, asker in one', { pane: null }, other, 'dead', 'same', 'restart', '8 foreign'],
  ['both without session id and pane', { ...named, tmuxName: null }, { ...other, sessionId: null, pane: null }, 'unknown', 'same', 'restart', '8 foreign'],
  // Row 9: nothing known.
  ['no identity', {}, nobody, 'alive', 'same', 'restart', '9 unknown-identity'],
  ['no identity, stamp with a name only', named, nobody, 'unknown', 'same', 'restart', '9 unknown-identity'],
  ['no identity on another machine', {}, { ...nobody, ...elsewhere }, 'dead', 'same', 'restart', '9 unknown-identity'],
];

it.each(SITUATIONS)('%s', (_name, stamp, asker, agent, checkout, recorded, expected) => {
  const facts = {
    agent,
    sameCheckout: checkout === 'same',
    lineage: lineageOf(RECORDED[recorded]),
  };
  const found = match(stamp && stampOf(stamp), askerOf(asker), facts);
  expect(`${found.row} ${wordFor(found)}`).toBe(expected);
  expect(found.facts.join('')).not.toBe('');
});

function wordFor(found: Match): string {
  if (found.answer !== 'owner') return found.answer;
  if (found.row !== 2) return found.inherited ? 'inherited' : 'owner';
  return found.inherited ? 'inherited' : found.restamp ? 'moved' : 'owner';
}

it('every row of the ladder has a situation', () => {
  const rows = new Set(SITUATIONS.map(([, , , , , , expected]) => expected.split(' ')[0]));
  expect([...rows].sort()).toEqual(['1', '2', '3a', '3b', '4', '5', '6', '7', '8', '9']);
});
