import type { Identity } from './identity.ts';
import { isSameAgent, type Match } from './match.ts';
import type { OwnerStamp } from './stamp.ts';

/**
 * The stamp as a proven owner leaves it: with its session, process and pane of now where the match calls for that,
 * else the same object. A pane that is not known now is kept only while the agent process is the stamped one.
 */
export function writeBack(stamp: OwnerStamp, me: Identity, match: Match): OwnerStamp {
  if (match.answer !== 'owner' || !match.restamp) return stamp;
  if (me.sessionId === null || me.host === null) return stamp;
  return {
    ...stamp,
    host: me.host,
    sessionId: me.sessionId,
    agent: me.agent ? { ...me.agent } : null,
    pane: me.pane ?? (isSameAgent(stamp, me) ? stamp.pane : null),
    tmuxName: null,
    inherited: match.inherited,
  };
}
