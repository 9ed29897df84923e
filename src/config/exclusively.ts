import { join } from 'node:path';
import { withLock } from '../state/lock.ts';
import type { Place } from './site.ts';

/** More than a few installs take that wait for one another. */
const WAIT_MS = 20_000;

/**
 * Runs `work` while no other command of ours puts files in place, has settings call them, or takes them out: settings
 * never call what an uninstall is about to remove.
 */
export function exclusively<T>({ state }: Pick<Place, 'state'>, work: () => T): T {
  return withLock(join(state.locks, 'installed.lock'), WAIT_MS, work, { long: true });
}
