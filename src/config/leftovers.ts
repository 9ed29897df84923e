import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../errors.ts';

/** A name beside `path`, of this process, for the text that is to replace it. */
export function freshName(path: string): string {
  const unique = `${process.pid}-${Math.random().toString(36).slice(2)}`;
  return join(dirname(path), prefixOf(path) + unique);
}

/** Removes what writers of `path` that were killed left beside it. */
export function dropLeftovers(path: string): void {
  for (const leftover of leftoversOf(path)) rmSync(leftover, { force: true });
}

/** Files of a writer that is gone, and second names of `path` itself from a creation that was cut off. */
export function leftoversOf(path: string): string[] {
  const prefix = prefixOf(path);
  return namesIn(dirname(path)).flatMap((name) => {
    if (!name.startsWith(prefix)) return [];
    const leftover = join(dirname(path), name);
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    const dead = pid > 0 && pid !== process.pid && !isAlive(pid);
    return dead || isSameFile(path, leftover) ? [leftover] : [];
  });
}

export function isSameFile(path: string, other: string): boolean {
  const [a, b] = [path, other].map((name) => lstatSync(name, { throwIfNoEntry: false }));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}

function prefixOf(path: string): string {
  return `.${basename(path)}.stopgate-`;
}
