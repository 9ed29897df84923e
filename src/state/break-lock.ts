import { linkSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { errnoOf } from '../errors.ts';
import { ageOf, isAbandoned, parseHolder, UNNAMED_MS } from './holder.ts';
import { readIfThere } from './read-file.ts';

/** What a file system says that has no hard links (vfat, exFAT, some shares and FUSE). */
const NO_LINKS = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** True for the error of a hard link that the file system cannot make. */
export function hasNoLinks(error: unknown): boolean {
  return NO_LINKS.has(errnoOf(error) ?? '');
}

/**
 * Takes away the lock of a holder that is gone, and returns whether it is worth trying to get the lock. A marker elects
 * one breaker at a time. A breaker that is stopped loses its marker after five seconds; what it moves away when it goes
 * on is looked at again, and a lock that somebody holds is put back.
 */
export function breakDead(path: string, now: number = Date.now()): boolean {
  const text = readIfThere(path);
  if (text === null || !isAbandoned(path, text, now)) return false;
  const marker = `${path}.break-${parseHolder(text)?.pid ?? 'unreadable'}`;
  try {
    writeFileSync(marker, '', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    if (ageOf(marker, now) > UNNAMED_MS) removeFile(marker);
    return false;
  }
  try {
    if (readIfThere(path) !== text) return true;
    return takeAway(path, (away, found) => found === text && isAbandoned(away, found, now));
  } finally {
    removeFile(marker);
  }
}

/** True while the file is the lock of a process that is gone. */
export function isDeadLock(path: string): boolean {
  const text = readIfThere(path);
  return text !== null && isAbandoned(path, text, Date.now());
}

/** A name beside a lock for one use; a file that a killed process leaves there is cleared later (litter.ts). */
export function besideLock(path: string): string {
  return `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
}

/** As rmSync with force does; but that loads code for whole directories, 3 % of an owner's block. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Moves whatever is at `path` away, and removes it if it is what was meant; else it comes back. */
function takeAway(path: string, isMeant: (away: string, text: string) => boolean): boolean {
  const away = besideLock(path);
  try {
    renameSync(path, away);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return true;
    throw error;
  }
  try {
    const text = readIfThere(away);
    if (text !== null && isMeant(away, text)) return true;
    putBack(away, path, text);
    return false;
  } finally {
    removeFile(away);
  }
}

/** Never over another lock: whoever got it meanwhile has it, and the holder of this one writes nothing (held.ts). */
function putBack(away: string, path: string, text: string | null): void {
  try {
    linkSync(away, path);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    if (!hasNoLinks(error) || text === null) throw error;
    createOver(path, text);
  }
}

function createOver(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}
