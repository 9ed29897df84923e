import { allBuilds } from '../build/find.ts';
import { ownedBuild } from '../build/gate.ts';
import { isTerminal } from '../build/phases.ts';
import type { Build } from '../build/schema.ts';
import { updateBuild } from '../build/store.ts';
import { assess, identifyFor } from '../owner/assess.ts';
import type { Identity, IdentityInput } from '../owner/identity.ts';
import { writeBack } from '../owner/write-back.ts';
import type { StatePaths } from '../state/paths.ts';

/** What a session that starts takes with it: who it is, and the unfinished build that is its own. */
export interface Claim {
  me: Identity;
  build: Build | null;
  inherited: boolean;
}

/**
 * Finds the unfinished build of a session that starts, and stamps it with the session's id, process and pane of now:
 * a session that was cleared, resumed or restarted stays the owner, and its old place no longer proves anything.
 */
export function claimOwn(paths: StatePaths, input: IdentityInput, waitMs: number): Claim {
  const open = allBuilds(paths).filter(({ phase, owner }) => !isTerminal(phase) && owner !== null);
  const me = identifyFor(open, input);
  const owned = ownedBuild(open.map((build) => ({ build, match: assess(build, me) })));
  if (owned === null) return { me, build: null, inherited: false };
  const build = updateBuild(paths, owned.build.id, waitMs, (fresh) => {
    if (fresh.owner === null) return fresh;
    const owner = writeBack(fresh.owner, me, assess(fresh, me));
    return owner === fresh.owner ? fresh : { ...fresh, owner };
  });
  const { match } = owned;
  return { me, build, inherited: match.answer === 'owner' && match.inherited };
}
