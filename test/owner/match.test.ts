import { expect, it } from 'vitest';
import type { Identity } from '../../src/owner/identity.ts';
import { type Match, match } from '../../src/owner/match.ts';
import type { Liveness } from '../../src/owner/process.ts';
import type { OwnerStamp } from '../../src/owner/stamp.ts';
import { AGENT, askerOf, PANE, stampOf } from './make.ts';

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

type Situation = [
  name: string,
  stamp: Partial<OwnerStamp> | null,
  asker: Partial<Identity>,
  agent: Liveness,
  checkout: 'same' | 'other',
  expected: string,
];

// biome-ignore format: one situation per line
const SITUATIONS: Situation[] = [
  // Row 1: no stamp.
  ['no stamp', null, {}, 'unknown', 'same', '1 unowned'],
  ['no stamp, no identity', null, nobody, 'unknown', 'same', '1 unowned'],
  // Row 2: the session id.
  ['same session', {}, {}, 'alive', 'same', '2 owner'],
  ['same session, other checkout', {}, {}, 'alive', 'other', '2 owner'],
  ['same session, agent dead (resumed)', {}, { agent: other.agent }, 'dead', 'same', '2 moved'],
  ['same session, agent alive (resumed beside it)', {}, { agent: other.agent }, 'alive', 'same', '2 owner'],
  ['same session, agent dead, mine not known', {}, { agent: null }, 'dead', 'same', '2 owner'],
  ['same session, that had inherited it', { inherited: true }, {}, 'alive', 'same', '2 inherited'],
  ['same session in another pane', {}, { pane: pane2 }, 'alive', 'same', '2 owner'],
  ['same session, no pane, no agent', {}, { pane: null, agent: null }, 'alive', 'same', '2 owner'],
  ['same session in the shared daemon', { agent: null, pane: null }, { agent: null, pane: null }, 'unknown', 'other', '2 owner'],
  ['same session, shared pane', {}, { sharedPane: true }, 'alive', 'same', '2 owner'],
  ['same session, other machine', {}, elsewhere, 'alive', 'same', '8 foreign'],
  ['stamped by --owner-session', sessionOnly, { agent: other.agent, pane: pane2 }, 'unknown', 'other', '2 moved'],
  ['--owner-session, another session', sessionOnly, other, 'unknown', 'same', '8 foreign'],
  ['--owner-session, another in the same checkout and no pane', sessionOnly, { ...other, pane: null }, 'unknown', 'same', '8 foreign'],
  // Row 3: the pane, and the agent process is mine or dead.
  ['/clear: same pane and agent', {}, cleared, 'alive', 'same', '3 inherited'],
  ['/clear in another checkout', {}, cleared, 'alive', 'other', '8 foreign'],
  ['/clear in a shared pane', {}, { ...cleared, sharedPane: true }, 'alive', 'same', '3 inherited'],
  ['/clear after the tmux session was renamed', {}, { ...cleared, pane: { ...PANE, sessionName: 'x' } }, 'alive', 'same', '3 inherited'],
  ['/clear after the pane was joined elsewhere', {}, { ...cleared, pane: { ...PANE, sessionId: '$3', sessionName: 'else' } }, 'alive', 'same', '3 inherited'],
  ['restarted in the pane, agent dead', {}, other, 'dead', 'same', '3 inherited'],
  ['restarted in the pane, other checkout', {}, other, 'dead', 'other', '8 foreign'],
  ['restarted under the reused pid', {}, reused, 'dead', 'same', '3 inherited'],
  ['restarted as another host', {}, { ...other, host: 'codex' }, 'dead', 'same', '3 inherited'],
  ['same pane, other machine', {}, { ...other, ...elsewhere }, 'dead', 'same', '8 foreign'],
  ['same pane, no session id', {}, { sessionId: null }, 'alive', 'same', '3 inherited'],
  ['same pane, agent cannot be told', {}, other, 'unknown', 'same', '8 foreign'],
  ['same pane, stamp without agent', { agent: null }, other, 'unknown', 'same', '8 foreign'],
  ['same pane, asker without agent, agent dead', {}, { ...other, agent: null }, 'dead', 'same', '3 inherited'],
  // Row 4: the pane, but its agent lives.
  ['child claude -p in the pane', {}, other, 'alive', 'same', '4 foreign'],
  ['child in the pane, other checkout', {}, other, 'alive', 'other', '4 foreign'],
  ['child whose agent is not known', {}, { ...other, agent: null }, 'alive', 'same', '4 foreign'],
  ['same pid, other start, agent alive', {}, reused, 'alive', 'same', '4 foreign'],
  // Row 5: a name only.
  ['--owner-tmux, same name', named, other, 'unknown', 'same', '5 inherited'],
  ['--owner-tmux, same name, other checkout', named, other, 'unknown', 'other', '8 foreign'],
  ['--owner-tmux, other name', named, { ...other, pane: otherTmuxSession }, 'unknown', 'same', '8 foreign'],
  ['--owner-tmux, name is a prefix', { ...named, tmuxName: 'wor' }, other, 'unknown', 'same', '8 foreign'],
  ['--owner-tmux, my name is a prefix', { ...named, tmuxName: 'work-2' }, other, 'unknown', 'same', '8 foreign'],
  ['--owner-tmux, name in another case', { ...named, tmuxName: 'Work' }, other, 'unknown', 'same', '8 foreign'],
  ['--owner-tmux, no pane', named, { ...other, pane: null }, 'unknown', 'same', '8 foreign'],
  ['--owner-tmux, shared pane', named, { ...other, sharedPane: true }, 'unknown', 'same', '8 foreign'],
  ['--owner-tmux, other machine', named, { ...other, ...elsewhere }, 'unknown', 'same', '8 foreign'],
  ['a name beside a session id is no name-only stamp', { ...named, sessionId: 'session-a' }, other, 'unknown', 'same', '8 foreign'],
  ['a name beside a pane is judged by the pane', { ...named, pane: pane2, agent: AGENT }, { ...other, pane: PANE }, 'alive', 'same', '7 foreign'],
  // Row 6: same tmux session, other pane, pane and agent gone.
  ['restarted in a new pane', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'same', '6 inherited'],
  ['new pane, other checkout', {}, { ...other, pane: pane2, ...oldGone }, 'dead', 'other', '8 foreign'],
  ['new pane, tmux session renamed', {}, { ...other, pane: pane2Renamed, ...oldGone }, 'dead', 'same', '6 inherited'],
  ['new tmux session of the same name', {}, { ...other, pane: pane2OfTwin, ...oldGone }, 'dead', 'same', '6 inherited'],
  ['new pane, shared', {}, { ...other, pane: pane2, ...oldGone, sharedPane: true }, 'dead', 'same', '8 foreign'],
  ['new pane, agent cannot be told', {}, { ...other, pane: pane2, ...oldGone }, 'unknown', 'same', '8 foreign'],
  ['new pane, other machine', {}, { ...other, pane: pane2, ...oldGone, ...elsewhere }, 'dead', 'same', '8 foreign'],
  ['server restarted, same name and pane id', {}, { ...other, pane: sameIdAfterRestart }, 'dead', 'same', '6 inherited'],
  ['server restarted, same name, other pane id', {}, { ...other, pane: pane2AfterRestart }, 'dead', 'same', '6 inherited'],
  ['server restarted, same ids, other name', {}, { ...other, pane: elseAfterRestart }, 'dead', 'same', '8 foreign'],
  ['server restarted, agent alive (detached)', {}, { ...other, pane: sameIdAfterRestart }, 'alive', 'same', '7 foreign'],
  ['server restarted, agent cannot be told', {}, { ...other, pane: sameIdAfterRestart }, 'unknown', 'same', '8 foreign'],
  ['only the server pid differs', {}, { ...other, pane: { ...PANE, serverPid: 200 } }, 'alive', 'same', '7 foreign'],
  ['only the server start differs', {}, { ...other, pane: { ...PANE, serverStart: '9' } }, 'alive', 'same', '7 foreign'],
  // Row 7: same tmux session, other pane, something of the owner is there.
  ['neighbour pane', {}, { ...other, pane: pane2 }, 'alive', 'same', '7 foreign'],
  ['neighbour pane, agent dead, pane there', {}, { ...other, pane: pane2 }, 'dead', 'same', '7 foreign'],
  ['neighbour pane, pane gone, agent alive', {}, { ...other, pane: pane2, ...oldGone }, 'alive', 'same', '7 foreign'],
  ['neighbour pane, agent cannot be told, pane there', {}, { ...other, pane: pane2 }, 'unknown', 'same', '7 foreign'],
  ['stamped pane moved to another tmux session', {}, { ...other, pane: pane2 }, 'dead', 'other', '7 foreign'],
  // Row 8: known, and nothing matches.
  ['other tmux session', {}, { ...other, pane: otherTmuxSession }, 'alive', 'same', '8 foreign'],
  ['other tmux session, everything gone', {}, { ...other, pane: otherTmuxSession, serverPanes: ['%2'] }, 'dead', 'same', '8 foreign'],
  ['other socket, same names and ids', {}, { ...other, pane: otherSocket }, 'dead', 'same', '8 foreign'],
  ['other socket, same name, other pane', {}, { ...other, pane: pane2OtherSocket, ...oldGone }, 'dead', 'same', '8 foreign'],
  ['outside tmux', {}, { ...other, pane: null }, 'dead', 'same', '8 foreign'],
  ['stamp without pane, asker in one', { pane: null }, other, 'dead', 'same', '8 foreign'],
  ['both without pane, agent equal', { pane: null }, { ...cleared, pane: null }, 'alive', 'same', '8 foreign'],
  ['both without session id and pane', { ...named, tmuxName: null }, { ...other, sessionId: null, pane: null }, 'unknown', 'same', '8 foreign'],
  // Row 9: nothing known.
  ['no identity', {}, nobody, 'alive', 'same', '9 unknown-identity'],
  ['no identity, stamp with a name only', named, nobody, 'unknown', 'same', '9 unknown-identity'],
  ['no identity on another machine', {}, { ...nobody, ...elsewhere }, 'dead', 'same', '9 unknown-identity'],
];

it.each(SITUATIONS)('%s', (_name, stamp, asker, agent, checkout, expected) => {
  const facts = { agent, sameCheckout: checkout === 'same' };
  const found = match(stamp && stampOf(stamp), askerOf(asker), facts);
  expect(`${found.row} ${wordFor(found)}`).toBe(expected);
  expect(found.facts.join('')).not.toBe('');
});

function wordFor(found: Match): string {
  if (found.answer !== 'owner') return found.answer;
  return found.inherited ? 'inherited' : found.restamp ? 'moved' : 'owner';
}

it('every row of the ladder has a situation', () => {
  const rows = new Set(SITUATIONS.map(([, , , , , expected]) => expected.slice(0, 1)));
  expect([...rows].sort()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
});
