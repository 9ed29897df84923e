import type { Identity } from './identity.ts';
import type { Match } from './match.ts';
import type { OwnerStamp } from './stamp.ts';

/** The stamp with the inheriting session written into it; the same object when there is nothing to write back. */
export function writeBack(stamp: OwnerStamp, me: Identity, match: Match): OwnerStamp {
  if (match.answer !== 'owner' || !match.inherited) return stamp;
  if (me.sessionId === null || me.host === null) return stamp;
  return {
    ...stamp,
    host: me.host,
    sessionId: me.sessionId,
    agent: me.agent ? { ...me.agent } : stamp.agent,
    pane: me.pane ?? stamp.pane,
    tmuxName: null,
  };
}
