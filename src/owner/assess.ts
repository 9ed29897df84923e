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
 * caller an owner.
 */
export function identifyFor(all: readonly Owned[], input: IdentityInput): Identity {
  const me = identify(input);
  const known = all.some(({ owner }) => owner?.sessionId === me.sessionId && me.sessionId !== null);
  if (known || !all.some((owned) => needsPane(owned, me))) return me;
  return withPane(me, input);
}

/** A living agent process that is another's rules rows 3, 5 and 6 out, whatever tmux would say. */
function needsPane({ owner }: Owned, me: Identity): boolean {
  if (owner === null || owner.machine !== me.machine) return false;
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
