import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The working tree that holds `cwd` (the nearest folder with a `.git`), else `cwd` itself; links resolved. */
export function checkoutOf(cwd: string): string {
  const start = realpathOr(cwd);
  for (let dir = start; ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git'))) return dir;
    if (dirname(dir) === dir) return start;
  }
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

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
