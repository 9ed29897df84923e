import { toPhase } from '../../build/change.ts';
import { isTerminal } from '../../build/phases.ts';
import { updateBuild } from '../../build/store.ts';
import { StopgateError } from '../../errors.ts';
import type { StatePaths } from '../../state/paths.ts';
import { ownerEnd } from '../owner-end.ts';
import type { Action } from './plan.ts';

const LOCK_MS = 10_000;

type EndBuild = Extract<Action, { do: 'end-build' }>;

/**
 * Ends a build as failed while no other process can change it, if it still is what the action names and its owner is
 * proven gone at this moment. Its state file and its history stay.
 */
export function endBuild(
  paths: StatePaths,
  { build: id, updatedAt, lastActivityAt }: EndBuild,
): 'ended' | 'changed' | 'work-left' | 'missing' {
  let result: 'ended' | 'changed' | 'work-left' = 'ended';
  const note = `abandoned: its owner is gone since ${lastActivityAt}; ended by session prune`;
  try {
    updateBuild(paths, id, LOCK_MS, (build) => {
      if (build.updatedAt !== updatedAt || build.owner === null || isTerminal(build.phase))
        result = 'changed';
      else if (ownerEnd(paths, build.owner).kind !== 'gone') result = 'work-left';
      else return toPhase(build, 'failed', new Date().toISOString(), note);
      return build;
    });
  } catch (error) {
    if (error instanceof StopgateError && error.code === 'no-build') return 'missing';
    throw error;
  }
  return result;
}
