import type { Identity } from './identity.ts';
import { isKnown } from './identity.ts';
import type { Lineage } from './lineage.ts';
import { type Liveness, sameProcess } from './process.ts';
import type { OwnerStamp, PaneStamp } from './stamp.ts';

/** What the world and the records say of a stamp, next to who is asking. */
export interface StampFacts {
  /** The stamped agent process. */
  agent: Liveness;
  /** The session works in the same repository, or in a directory that the build registered. */
  sameCheckout: boolean;
  lineage: Lineage;
}

/** The rows of the ladder that make an owner. */
export type OwnerRow = 2 | '3a' | '3b' | 5 | 6;

/**
 * The answer of the ownership ladder (docs/adr/0001-ownership.md). `row` is the ladder's; `facts` say why, for a person.
 * `inherited`: the session took the build over from an earlier agent in its place.
 * `restamp`: the stamp no longer says where the owner is, and is to be written anew.
 */
export type Match =
  | { answer: 'owner'; row: OwnerRow; inherited: boolean; restamp: boolean; facts: string[] }
  | { answer: 'foreign'; row: 4 | 7 | 8; facts: string[] }
  | { answer: 'unowned'; row: 1; facts: string[] }
  | { answer: 'unknown-identity'; row: 9; facts: string[] };

/** Decides whether `me` is the owner that `stamp` names. Pure: the first matching row of the ladder decides. */
export function match(stamp: OwnerStamp | null, me: Identity, facts: StampFacts): Match {
  if (stamp === null) return { answer: 'unowned', row: 1, facts: ['the build has no owner stamp'] };
  if (!isKnown(me))
    return { answer: 'unknown-identity', row: 9, facts: ['no session id, pane or agent process'] };
  return bySession(stamp, me, facts) ?? byPlace(stamp, me, facts);
}

/**
 * Row 2: the session id outweighs every fact of place, machine or container. A session that was resumed in another
 * process has left the stamped one, which then proves nothing.
 */
function bySession(stamp: OwnerStamp, me: Identity, { agent }: StampFacts): Match | null {
  const { sessionId } = me;
  if (sessionId === null) return null;
  if (sessionId === stamp.sessionId) {
    const moved = me.agent !== null && !isSameAgent(stamp, me) && agent !== 'alive';
    const inherited = stamp.inherited ?? false;
    const facts = [`session id ${sessionId} is the stamped one`];
    return { answer: 'owner', row: 2, inherited, restamp: moved, facts };
  }
  if (agent !== 'dead' || !stamp.former?.includes(sessionId)) return null;
  const facts = [`session id ${sessionId} owned it before`, 'the stamped agent process is dead'];
  return { answer: 'owner', row: 2, inherited: false, restamp: true, facts };
}

/** Rows 3a to 8: each needs this machine and this checkout, and a recorded fact that no bystander has. */
function byPlace(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match {
  if (stamp.machine !== me.machine) return foreign(8, 'stamped on another machine');
  return (
    byClear(stamp, me, facts) ??
    byPane(stamp, me, facts) ??
    byName(stamp, me, facts) ??
    byTmuxSession(stamp, me, facts) ??
    foreign(8, 'nothing of the stamp matches')
  );
}

/** Row 3a: the surest proof there is, with or without a pane. */
function byClear(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match | null {
  if (!isSameAgent(stamp, me) || !facts.lineage.cleared || !facts.sameCheckout) return null;
  return {
    answer: 'owner',
    row: '3a',
    inherited: false,
    restamp: true,
    facts: [
      'the agent process is the stamped one',
      'this session began by clear, directly after the stamped one',
    ],
  };
}

/** Rows 3b and 4: in the stamped pane only a restart is the heir. */
function byPane(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match | null {
  if (!isSamePane(stamp.pane, me.pane)) return null;
  const pane = `pane ${me.pane?.id} is the stamped one`;
  const why = whyNoRestart(stamp, me, facts, ['after', 'at-once', 'unrecorded']);
  if (why !== null) return foreign(4, pane, why);
  return heir('3b', pane, 'the stamped agent process is dead', restartText(facts.lineage));
}

/** Row 5: the stamp waits for the agent of a tmux session that was named. */
function byName(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match | null {
  if (!isNamePending(stamp) || me.pane?.sessionName !== stamp.tmuxName) return null;
  const name = `tmux session ${me.pane.sessionName} is the stamped one`;
  const why = whyNotNamed(stamp, me, facts);
  if (why !== null) return foreign(isSameTmuxSession(stamp.pane, me.pane) ? 7 : 8, name, why);
  const found = [name, 'this is the outermost agent of its pane'];
  return { answer: 'owner', row: 5, inherited: false, restamp: true, facts: found };
}

/** Rows 6 and 7: another pane of the same tmux session. */
function byTmuxSession(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match | null {
  if (!isSameTmuxSession(stamp.pane, me.pane)) return null;
  const session = `tmux session ${me.pane?.sessionName} is the stamped one`;
  const why = whyNoMove(stamp, me) ?? whyNoRestart(stamp, me, facts, ['after']);
  if (why !== null) return foreign(7, session, why);
  if (!facts.lineage.alone)
    return foreign(7, session, 'another recorded agent was in it: `stopgate build claim` takes it');
  return heir(
    6,
    session,
    'the stamped pane and agent process are gone',
    restartText(facts.lineage),
  );
}

/** Names the first fact that is missing for an heir by place; `null` when there is none. */
function whyNoRestart(
  stamp: OwnerStamp,
  me: Identity,
  { agent, lineage, sameCheckout }: StampFacts,
  enough: readonly Lineage['restart'][],
): string | null {
  if (isSameAgent(stamp, me)) return 'the agent process is the stamped one, in another session';
  if (!me.outermost) return 'another agent lies between it and the pane';
  if (agent === 'alive') return `the stamped agent process ${stamp.agent?.pid} is alive`;
  if (agent === 'unknown') return 'the stamped agent process cannot be told alive or dead';
  if (!sameCheckout) return 'the session works in another checkout';
  if (lineage.restart === 'decided') return 'its place was judged when the session started';
  if (!enough.includes(lineage.restart))
    return 'nothing recorded says that the owner had ended when this agent process started';
  return null;
}

function whyNotNamed(stamp: OwnerStamp, me: Identity, facts: StampFacts): string | null {
  if (me.sharedPane) return 'the pane belongs to several tmux sessions';
  if (!me.outermost) return 'another agent lies between it and the pane';
  if (facts.lineage.stamped !== 'dead') return `session ${stamp.sessionId} may be alive`;
  if (!facts.sameCheckout) return 'the session works in another checkout';
  return null;
}

function whyNoMove(stamp: OwnerStamp, me: Identity): string | null {
  if (isPanePresent(stamp.pane, me)) return `the stamped pane ${stamp.pane?.id} is there`;
  return me.sharedPane ? 'the pane belongs to several tmux sessions' : null;
}

function restartText({ restart }: Lineage): string {
  return restart === 'unrecorded'
    ? 'this agent process began after the last sign of life of the owner'
    : 'the owner had ended when this agent process started';
}

/** True when the agent process is the stamped one. */
export function isSameAgent(stamp: OwnerStamp, me: Identity): boolean {
  return sameProcess(me.agent, stamp.agent);
}

/** True while a stamp waits for the agent of a tmux session that `--owner-tmux` named. */
export function isNamePending(stamp: OwnerStamp): boolean {
  return stamp.tmuxName !== null;
}

/** True for two panes of one tmux session: by `$id` on the same server, or by name on the same socket. */
export function isSameTmuxSession(a: PaneStamp | null, b: PaneStamp | null): boolean {
  if (a === null || b === null || a.socket !== b.socket) return false;
  return (isSameServer(a, b) && a.sessionId === b.sessionId) || a.sessionName === b.sessionName;
}

function isSamePane(a: PaneStamp | null, b: PaneStamp | null): boolean {
  return a !== null && b !== null && isSameServer(a, b) && a.id === b.id;
}

function isSameServer(a: PaneStamp, b: PaneStamp): boolean {
  return a.socket === b.socket && a.serverPid === b.serverPid && a.serverStart === b.serverStart;
}

/** A pane of a server that was restarted is gone, whatever now bears its id. */
function isPanePresent(pane: PaneStamp | null, me: Identity): boolean {
  if (pane === null || me.pane === null) return false;
  return isSameServer(pane, me.pane) && me.serverPanes.includes(pane.id);
}

/** An owner by its place: the stamp is to be written anew, and the build counts as inherited from then on. */
function heir(row: '3b' | 6, ...facts: string[]): Match {
  return { answer: 'owner', row, inherited: true, restamp: true, facts };
}

function foreign(row: 4 | 7 | 8, ...facts: string[]): Match {
  return { answer: 'foreign', row, facts };
}
