import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPrivateGroup, isUnmapped } from './other-users.ts';

/** Why what is at `path` lets somebody else put state there. */
export interface Danger {
  readonly kind: 'not-ours' | 'writable' | 'owner-above' | 'writable-above';
  readonly path: string;
  /** In words, with the path. */
  readonly what: string;
}

/**
 * Looks at a state directory and the one above it, as every hook does: two calls of the system where all is well. Only
 * what is not plainly well is looked at closely. A place that is not there yet is as safe as where it would be made.
 */
export function dangerAtAGlance(root: string): Danger | null {
  if (process.geteuid === undefined) return null;
  const own = statOf(root);
  const above = statOf(dirname(root));
  const isPlain = own?.isDirectory() && isOurs(own) && !mayWrite(own);
  return isPlain && above?.isDirectory() && isSafeAbove(above) ? null : dangerIn(root);
}

/**
 * Looks at all that a state directory depends on: that it is ours and only we may write to it and to what stopgate made
 * in it, and that nobody else may move it away, or any directory above it.
 */
export function dangerIn(root: string): Danger | null {
  if (process.geteuid === undefined) return null;
  const link = statOf(root);
  if (link?.isSymbolicLink() && !isTrusted(link)) return notOurs(root, link);
  const real = realpathOr(root);
  const places = [real, ...PARTS.map((name) => join(real, name))];
  for (const path of places) {
    const danger = dangerAt(path, statOf(path));
    if (danger !== null) return danger;
  }
  return dangerAbove(root) ?? (real === root ? null : dangerAbove(real));
}

/** What stopgate makes in a state directory; src/state/paths.ts. */
const PARTS = ['builds', 'sessions', 'turns', 'runtime', 'armed', 'events', 'locks', 'backups'];

function dangerAt(path: string, stat: Stats | null): Danger | null {
  if (stat === null) return null;
  if (!isOurs(stat)) return notOurs(path, stat);
  if (stat.isSymbolicLink()) return null;
  return mayWrite(stat) ? writable('writable', path, stat) : null;
}

/** Nearest first. What is below a directory that nobody else may enter is out of everybody's reach. */
function dangerAbove(path: string): Danger | null {
  let found: Danger | null = null;
  for (let below = path; below !== dirname(below); below = dirname(below)) {
    const dir = dirname(below);
    const stat = statOf(dir);
    if (stat === null) continue;
    if (stat.isDirectory() && isOurs(stat) && (stat.mode & 0o011) === 0) found = null;
    if (isSafeAbove(stat)) continue;
    found ??= isTrusted(stat)
      ? writable('writable-above', dir, stat)
      : { kind: 'owner-above', path: dir, what: `${dir} belongs to user ${stat.uid}` };
  }
  return found;
}

/** True when nobody else may rename what is in a directory. In a sticky one that is its owner and each file's alone. */
function isSafeAbove(stat: Stats): boolean {
  if (process.platform === 'android') return true;
  return isTrusted(stat) && (stat.isSymbolicLink() || isSticky(stat) || !mayWrite(stat));
}

function isOurs({ uid }: Stats): boolean {
  return uid === process.geteuid?.();
}

/** Root may do anything anyway. A sandbox that is a user namespace shows it, and everybody else, as one unmapped user. */
function isTrusted(stat: Stats): boolean {
  return isOurs(stat) || stat.uid === 0 || isUnmapped(stat.uid);
}

function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0;
}

function mayWrite({ mode, gid }: Stats): boolean {
  if ((mode & 0o002) !== 0) return true;
  return (mode & 0o020) !== 0 && !isPrivateGroup(gid);
}

function notOurs(path: string, { uid }: Stats): Danger {
  const what = `${path} belongs to user ${uid}, and this is user ${process.geteuid?.()}`;
  return { kind: 'not-ours', path, what };
}

function writable(kind: Danger['kind'], path: string, { mode }: Stats): Danger {
  return { kind, path, what: `others may write to ${path} (mode ${(mode & 0o7777).toString(8)})` };
}

function statOf(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
