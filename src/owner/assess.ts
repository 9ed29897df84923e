import { isInRepository } from './checkout.ts';
import { type Identity, type IdentityInput, identify, withPane } from './identity.ts';
import type { Lineage } from './lineage.ts';
import { livenessOn } from './liveness.ts';
import { isNamePending, isSameAgent, type Match, match } from './match.ts';
import { type Liveness, livenessOf } from './process.ts';
import type { OwnerStamp } from './stamp.ts';

/** Anything that can be owned: a stamp, and the working trees it belongs to. */
export interface Owned {
  owner: OwnerStamp | null;
  checkouts: readonly string[];
}

/** Looks up what is recorded of the asking session next to one stamp, whose agent process is as told. */
export type LineageOf = (stamp: OwnerStamp, me: Identity, agent: Liveness) => Lineage;

/** Looks at the world for one stamp, and runs the ladder. */
export function assess({ owner, checkouts }: Owned, me: Identity, lineageOf: LineageOf): Match {
  const agent = owner === null ? 'unknown' : livenessOn(owner.machine, owner.agent);
  return match(owner, me, {
    agent,
    // Getters, because most stamps are decided by the session id: what a row does not ask for is not looked up.
    get sameCheckout() {
      return isInRepository(me.cwd, checkouts);
    },
    get lineage() {
      return lineageOf(owner as OwnerStamp, me, agent);
    },
  });
}

/**
 * Proves the identity of a hook's caller as far as `all` needs it: tmux is asked only when its answer could make the
 * caller an owner, or when a moved owner's new place is to be written down. `mayInherit`: the session's place counts.
 */
export function identifyFor(
  all: readonly Owned[],
  input: IdentityInput,
  mayInherit: boolean,
): Identity {
  const me = identify(input);
  const own = all.filter(({ owner }) => isSession(owner, me));
  const asked = own.length > 0 ? own : all;
  return asked.some((owned) => needsPane(owned, me, mayInherit)) ? withPane(me, input) : me;
}

function isSession(owner: OwnerStamp | null, { sessionId }: Identity): boolean {
  if (owner === null || sessionId === null) return false;
  return owner.sessionId === sessionId || (owner.former?.includes(sessionId) ?? false);
}

/** A living agent process that is another's rules the rows of a place out, whatever tmux would say. */
function needsPane({ owner }: Owned, me: Identity, mayInherit: boolean): boolean {
  if (owner === null) return false;
  if (isSession(owner, me)) return me.agent !== null && !isSameAgent(owner, me);
  if (owner.machine !== me.machine) return false;
  if (isNamePending(owner)) return true;
  if (!mayInherit || owner.pane === null) return false;
  return isSameAgent(owner, me) || livenessOf(owner.agent) === 'dead';
}
