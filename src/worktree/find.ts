import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { StopgateError } from '../errors.ts';
import type { WorktreeRecord } from './list.ts';

/** A worktree and the names that it goes by. */
export interface Named {
  record: WorktreeRecord;
  /** The ids of the builds that it belongs to. */
  builds: readonly string[];
}

/**
 * The one linked worktree that a task names: by build id, by branch or by path, each to the letter.
 * @throws StopgateError `no-such-worktree`, `ambiguous`.
 */
export function findWorktree(task: string, all: readonly Named[], cwd: string): WorktreeRecord {
  const path = task === '' ? null : realPathOr(resolve(cwd, task));
  const found = all.filter(
    ({ record, builds }) =>
      builds.includes(task) ||
      record.branch === task ||
      record.branch === `refs/heads/${task}` ||
      record.path === path,
  );
  const [first, ...others] = found;
  if (first && others.length === 0) return first.record;
  if (first) throw ambiguous(task, found);
  throw new StopgateError('no-such-worktree', `No worktree is called ${JSON.stringify(task)}.`, {
    hint: `Expected a build id, a branch or a path, to the letter. ${listed(all)}`,
  });
}

function ambiguous(task: string, found: readonly Named[]): StopgateError {
  const message = `${JSON.stringify(task)} names ${found.length} worktrees.`;
  return new StopgateError('ambiguous', message, {
    hint: `Name one by its path. ${listed(found)}`,
  });
}

function listed(all: readonly Named[]): string {
  if (all.length === 0) return 'There is no linked worktree here.';
  return `There are: ${all.map(({ record }) => JSON.stringify(record.path)).join(', ')}`;
}

function realPathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
