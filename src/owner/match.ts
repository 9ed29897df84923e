import type { Identity } from './identity.ts';
import { isKnown } from './identity.ts';
import type { Liveness } from './process.ts';
import type { OwnerStamp, PaneStamp } from './stamp.ts';

/** What the world says of a stamp, next to who is asking. */
export interface StampFacts {
  agent: Liveness;
  sameCheckout: boolean;
}

/**
 * The answer of the ownership ladder (docs/adr/0001-ownership.md). `row` is the ladder's; `facts` say why, for a person.
 * `restamp`: the stamp no longer says where the owner is, and is to be written anew.
 */
export type Match =
  | { answer: 'owner'; row: 2 | 3 | 5 | 6; inherited: boolean; restamp: boolean; facts: string[] }
  | { answer: 'foreign'; row: 4 | 7 | 8; facts: string[] }
  | { answer: 'unowned'; row: 1; facts: string[] }
  | { answer: 'unknown-identity'; row: 9; facts: string[] };

/** Decides whether `me` is the owner that `stamp` names. Pure: the first matching row of the ladder decides. */
export function match(stamp: OwnerStamp | null, me: Identity, facts: StampFacts): Match {
  if (stamp === null) return { answer: 'unowned', row: 1, facts: ['the build has no owner stamp'] };
  if (!isKnown(me))
    return { answer: 'unknown-identity', row: 9, facts: ['no session id, pane or agent process'] };
  if (stamp.machine !== me.machine) return foreign(8, 'stamped on another machine');
  if (stamp.sessionId !== null && stamp.sessionId === me.sessionId) {
    return matchSession(stamp, me, facts);
  }
  if (isSamePane(stamp.pane, me.pane)) return matchSamePane(stamp, me, facts);
  if (isNameOnly(stamp)) return matchName(stamp, me, facts);
  return matchTmuxSession(stamp, me, facts);
}

/** Row 2. A session that was resumed in another process has left the stamped one, which then proves nothing. */
function matchSession(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match {
  const moved = me.agent !== null && !isSameAgent(stamp, me) && facts.agent !== 'alive';
  return {
    answer: 'owner',
    row: 2,
    inherited: stamp.inherited ?? false,
    restamp: moved,
    facts: [`session id ${me.sessionId} is the stamped one`],
  };
}

/** Rows 3 and 4: the pane is the stamped one, so the stamped agent process decides. */
function matchSamePane(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match {
  const pane = `pane ${me.pane?.id} is the stamped one`;
  const same = isSameAgent(stamp, me);
  if (!same && facts.agent === 'alive') {
    return foreign(
      4,
      pane,
      `the stamped agent process ${stamp.agent?.pid} is alive and is another`,
    );
  }
  const gone = facts.agent === 'dead';
  if (!same && !gone)
    return foreign(8, pane, 'the stamped agent process cannot be told alive or dead');
  if (!facts.sameCheckout) return foreign(8, pane, 'the session works in another checkout');
  return heir(
    3,
    pane,
    same ? 'the agent process is the stamped one' : 'the stamped agent process is dead',
  );
}

/** Row 5: a stamp that holds a tmux session name only. */
function matchName(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match {
  if (me.pane === null) return foreign(8, 'the pane is not known');
  const name = `tmux session ${me.pane.sessionName}`;
  if (me.pane.sessionName !== stamp.tmuxName) return foreign(8, `${name} is not ${stamp.tmuxName}`);
  if (me.sharedPane) return foreign(8, 'the pane belongs to several tmux sessions');
  if (!facts.sameCheckout)
    return foreign(8, `${name} is the stamped one`, 'the session works in another checkout');
  return heir(5, `${name} is the stamped one`);
}

/** Rows 6 and 7, else 8: another pane, perhaps of the same tmux session. */
function matchTmuxSession(stamp: OwnerStamp, me: Identity, facts: StampFacts): Match {
  const session = `tmux session ${me.pane?.sessionName} is the stamped one`;
  if (!isSameTmuxSession(stamp.pane, me.pane)) return foreign(8, 'nothing of the stamp matches');
  if (isPanePresent(stamp.pane, me))
    return foreign(7, session, `the stamped pane ${stamp.pane?.id} is there`);
  if (facts.agent === 'alive')
    return foreign(7, session, `the stamped agent process ${stamp.agent?.pid} is alive`);
  if (facts.agent === 'unknown')
    return foreign(8, session, 'the stamped agent process cannot be told alive or dead');
  if (me.sharedPane) return foreign(8, 'the pane belongs to several tmux sessions');
  if (!facts.sameCheckout) return foreign(8, session, 'the session works in another checkout');
  return heir(6, session, 'the stamped pane and agent process are gone');
}

/** The agent process is the stamped one, by pid and start time. */
export function isSameAgent(stamp: OwnerStamp, me: Identity): boolean {
  return (
    me.agent !== null && me.agent.pid === stamp.agent?.pid && me.agent.start === stamp.agent.start
  );
}

function isSameServer(a: PaneStamp, b: PaneStamp): boolean {
  return a.socket === b.socket && a.serverPid === b.serverPid && a.serverStart === b.serverStart;
}

function isSamePane(a: PaneStamp | null, b: PaneStamp | null): boolean {
  return a !== null && b !== null && isSameServer(a, b) && a.id === b.id;
}

/** By `$id` on the same server, or by name on the same socket: names on other sockets say nothing. */
function isSameTmuxSession(a: PaneStamp | null, b: PaneStamp | null): boolean {
  if (a === null || b === null || a.socket !== b.socket) return false;
  return (isSameServer(a, b) && a.sessionId === b.sessionId) || a.sessionName === b.sessionName;
}

/** A pane of a server that was restarted is gone, whatever now bears its id. */
function isPanePresent(pane: PaneStamp | null, me: Identity): boolean {
  if (pane === null || me.pane === null) return false;
  return isSameServer(pane, me.pane) && me.serverPanes.includes(pane.id);
}

/** A stamp of `--owner-tmux` that no session was found by yet. */
export function isNameOnly(stamp: OwnerStamp): boolean {
  return stamp.tmuxName !== null && stamp.sessionId === null && stamp.pane === null;
}

/** An owner by its place: the stamp is to be written anew, and the build counts as inherited from then on. */
function heir(row: 3 | 5 | 6, ...facts: string[]): Match {
  return { answer: 'owner', row, inherited: true, restamp: true, facts };
}

function foreign(row: 4 | 7 | 8, ...facts: string[]): Match {
  return { answer: 'foreign', row, facts };
}
