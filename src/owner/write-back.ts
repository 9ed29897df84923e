import type { Identity } from './identity.ts';
import { isSameAgent, type Match } from './match.ts';
import type { OwnerStamp } from './stamp.ts';

/** The stamp with the inheriting session written into it; the same object when there is nothing to write back. */
export function writeBack(stamp: OwnerStamp, me: Identity, match: Match): OwnerStamp {
  return match.answer === 'owner' && match.inherited ? restamp(stamp, me) : stamp;
}

/**
 * The stamp of a proven owner as it is now; the same object when nothing changed. A place that is not known now keeps
 * the old one only while the agent process is the stamped one.
 */
export function restamp(stamp: OwnerStamp, me: Identity): OwnerStamp {
  if (me.sessionId === null || me.host === null) return stamp;
  const sameAgent = me.agent === null ? stamp.agent === null : isSameAgent(stamp, me);
  const next: OwnerStamp = {
    ...stamp,
    host: me.host,
    sessionId: me.sessionId,
    agent: me.agent ? { ...me.agent } : null,
    pane: me.pane ?? (sameAgent ? stamp.pane : null),
    tmuxName: null,
  };
  const isSame =
    sameAgent &&
    next.sessionId === stamp.sessionId &&
    next.host === stamp.host &&
    next.pane === stamp.pane;
  return isSame ? stamp : next;
}
