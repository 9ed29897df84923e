import type { Build } from '../../build/schema.ts';
import { createWorktree, takeBack } from '../../worktree/create.ts';
import { short } from '../../worktree/steps/finding.ts';
import { unfilteredNote } from '../../worktree/unfiltered.ts';
import { shellWord } from '../../worktree/words.ts';

/**
 * Makes a worktree for a build and writes the build with it as its first checkout; a build that cannot be written
 * leaves no worktree. Returns what to say about it.
 */
export function inWorktree(
  build: Build,
  { cwd, branch, at }: { cwd: string; branch: string; at: string },
  write: (build: Build) => void,
): string[] {
  const tree = createWorktree(cwd, build.id, branch, at);
  try {
    write({ ...build, checkouts: [tree.path, ...build.checkouts], head: tree.base });
  } catch (error) {
    takeBack(tree);
    throw error;
  }
  const from = tree.from === null ? 'a detached HEAD' : short(tree.from);
  return [
    `worktree ${tree.path} on branch ${branch}, from ${from} at ${tree.base.slice(0, 10)}`,
    ...unfilteredNote(tree.path),
    `go on there: cd ${shellWord(tree.path)}`,
    `when it is merged, in the main repository: stopgate worktree cleanup ${build.id}`,
  ];
}
