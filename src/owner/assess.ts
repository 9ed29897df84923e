import { isInCheckout } from './checkout.ts';
import { type Identity, type IdentityInput, identify, withPane } from './identity.ts';
import { isNameOnly, isSameAgent, type Match, match, type StampFacts } from './match.ts';
import { livenessOf } from './process.ts';
import type { OwnerStamp } from './stamp.ts';

/** Anything that can be owned: a stamp, and the working trees it belongs to. */
export interface Owned {
  owner: OwnerStamp | null;
  checkouts: readonly string[];
}

/** Looks at the world for one stamp, and runs the ladder. */
export function assess({ owner, checkouts }: Owned, me: Identity): Match {
  return match(owner, me, factsOf(owner, checkouts, me));
}

/**
 * The identity of a hook's caller, proven as far as `all` needs it: tmux is asked only when its answer could make the
 * caller an owner, or when a moved owner's new place is to be written down.
 */
export function identifyFor(all: readonly Owned[], input: IdentityInput): Identity {
  const me = identify(input);
  const own = all.filter(({ owner }) => me.sessionId !== null && owner?.sessionId === me.sessionId);
  const asked = own.length > 0 ? own : all;
  return asked.some((owned) => needsPane(owned, me)) ? withPane(me, input) : me;
}

/** A living agent process that is another's rules rows 3, 5 and 6 out, whatever tmux would say. */
function needsPane({ owner }: Owned, me: Identity): boolean {
  if (owner === null || owner.machine !== me.machine) return false;
  if (owner.sessionId !== null && owner.sessionId === me.sessionId) {
    return me.agent !== null && !isSameAgent(owner, me);
  }
  if (isNameOnly(owner)) return true;
  if (owner.pane === null) return false;
  return isSameAgent(owner, me) || livenessOf(owner.agent) === 'dead';
}

function factsOf(owner: OwnerStamp | null, checkouts: readonly string[], me: Identity): StampFacts {
  return {
    agent: livenessOf(owner?.agent ?? null),
    sameCheckout: isInCheckout(me.cwd, checkouts),
  };
}
