import type { Identity } from './identity.ts';
import { isSameAgent, type Match } from './match.ts';
import { momentNow } from './moment.ts';
import type { OwnerStamp } from './stamp.ts';

/** So many sessions that owned a build before are remembered, the newest ones. */
const FORMER_MAX = 20;

/**
 * The stamp as a proven owner leaves it: with its session, process and pane of now where the match calls for that,
 * else the same object. A pane that is not known now is kept only while the agent process is the stamped one.
 */
export function writeBack(stamp: OwnerStamp, me: Identity, match: Match): OwnerStamp {
  if (match.answer !== 'owner' || !match.restamp) return stamp;
  if (me.sessionId === null || me.host === null) return stamp;
  return {
    ...stamp,
    ...formerOf(stamp, me.sessionId),
    host: me.host,
    sessionId: me.sessionId,
    agent: me.agent ? { ...me.agent } : null,
    pane: me.pane ?? (isSameAgent(stamp, me) ? stamp.pane : null),
    tmuxName: null,
    inherited: match.inherited,
    machine: me.machine,
    seenAt: momentNow(),
  };
}

function formerOf({ former = [], sessionId }: OwnerStamp, now: string): { former?: string[] } {
  const all = sessionId === null ? former : [...former, sessionId];
  const others = [...new Set(all)].filter((id) => id !== now);
  return others.length === 0 && former.length === 0 ? {} : { former: others.slice(-FORMER_MAX) };
}
