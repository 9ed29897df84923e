import { identifyCaller } from '../owner/caller.ts';
import type { Identity } from '../owner/identity.ts';
import { type StatePaths, stateDir, statePaths } from '../state/paths.ts';

/** How long a command waits for another process's write. */
export const LOCK_MS = 10_000;

/** What every command about builds needs to know of where and who it is. */
export interface Context {
  paths: StatePaths;
  me: Identity;
  at: string;
}

export function context(): Context {
  return { paths: statePaths(stateDir()), me: identifyCaller(), at: new Date().toISOString() };
}
