import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutOf, isInRepository } from '../owner/checkout.ts';
import { momentNow } from '../owner/moment.ts';
import type { Build } from './schema.ts';

/** An owner that works in more places than this has the first ones remembered. */
const PLACES_MAX = 20;

/**
 * The build after its owner was seen at work in `cwd`: with the moment, and with that working tree when it is of another
 * repository. Only a working tree is remembered: a home or a root would make every place the build's.
 */
export function registerPlace(build: Build, cwd: string): Build {
  const seen = build.owner ? { ...build, owner: { ...build.owner, seenAt: momentNow() } } : build;
  const { checkouts } = build;
  const tree = checkoutOf(cwd);
  if (checkouts.length >= PLACES_MAX || !existsSync(join(tree, '.git'))) return seen;
  return isInRepository(tree, checkouts) ? seen : { ...seen, checkouts: [...checkouts, tree] };
}
