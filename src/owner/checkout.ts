import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { commonDirOf, gitDirOf } from '../build/head.ts';
import { PATH_LEVELS } from '../hosts/limits.ts';

/** The working tree that holds `cwd` (the nearest folder with a `.git`), else `cwd` itself; links resolved. */
export function checkoutOf(cwd: string): string {
  const start = realpathOr(cwd);
  let dir = start;
  for (let level = 0; level < PATH_LEVELS && dir !== dirname(dir); level += 1) {
    if (existsSync(join(dir, '.git'))) return dir;
    dir = dirname(dir);
  }
  return existsSync(join(dir, '.git')) ? dir : start;
}

/** True when `cwd` lies in the working tree of one of `roots`, and not in another one nested in it. */
export function isInCheckout(cwd: string, roots: readonly string[]): boolean {
  const real = realpathOr(cwd);
  const tree = checkoutOf(real);
  return roots.some((root) => {
    const path = relative(root, real);
    const inside = path !== '..' && !path.startsWith('../');
    return inside && (tree === root || !existsSync(join(tree, '.git')));
  });
}

/** True when `cwd` is in a checkout of `roots`, or in another working tree of the same repository as one of them. */
export function isInRepository(cwd: string, roots: readonly string[]): boolean {
  if (isInCheckout(cwd, roots)) return true;
  const mine = repositoryOf(checkoutOf(cwd));
  return mine !== null && roots.some((root) => repositoryOf(root) === mine);
}

/** The folder that all working trees of a repository share, or `null` for what is no working tree. */
function repositoryOf(tree: string): string | null {
  if (!existsSync(join(tree, '.git'))) return null;
  return realpathOr(commonDirOf(gitDirOf(tree)));
}

/** The path with its links resolved, or as it is where that cannot be told. */
export function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
