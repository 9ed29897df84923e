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
 * The one working tree that a task names: by build id, by branch or by path, each to the letter. The main one is found
 * where it is given, and never proposed: it can be no answer to what may go.
 * @throws StopgateError `no-such-worktree`, `ambiguous`.
 */
export function findWorktree(
  task: string,
  linked: readonly Named[],
  cwd: string,
  main?: Named,
): WorktreeRecord {
  const path = task === '' ? null : realPathOr(resolve(cwd, task));
  const found = [...linked, ...(main ? [main] : [])].filter(
    ({ record, builds }) =>
      builds.includes(task) ||
      record.branch === task ||
      record.branch === `refs/heads/${task}` ||
      record.path === path,
  );
  const [first, ...others] = found;
  if (first && others.length === 0) return first.record;
  if (first)
    throw ambiguous(
      task,
      found,
      found.filter((one) => one !== main),
    );
  throw new StopgateError('no-such-worktree', `No worktree is called ${JSON.stringify(task)}.`, {
    hint: `Expected a build id, a branch or a path, to the letter. ${listed(linked)}`,
  });
}

function ambiguous(task: string, found: readonly Named[], linked: readonly Named[]): StopgateError {
  const message = `${JSON.stringify(task)} names ${found.length} worktrees.`;
  return new StopgateError('ambiguous', message, {
    hint: `Name one by its path. ${listed(linked)}`,
  });
}

function listed(linked: readonly Named[]): string {
  if (linked.length === 0) return 'There is no linked worktree here.';
  return `There are: ${linked.map(({ record }) => JSON.stringify(record.path)).join(', ')}`;
}

function realPathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
