import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { errnoOf } from '../errors.ts';
import { readProcess } from '../owner/process.ts';
import { breakDead, isDeadLock } from './break-lock.ts';
import { ownEntries } from './own-entries.ts';
import type { StatePaths } from './paths.ts';

/**
 * What processes that were killed left in our own directories: files they had not renamed yet, locks they held. Only
 * what is proven: the name holds a pid that no process has, and nobody touched it for an hour, so that a writer in
 * another container, whose processes we don't see, is not taken for a dead one.
 */
export function findLitter(state: StatePaths, data: string): string[] {
  const files = [...ownEntries(state), data].flatMap(filesBelow);
  return files.filter((path) => isLitter(path, relative(data, path)));
}

/** Removes what {@link findLitter} finds, each looked at again. */
export function dropLitter(state: StatePaths, data: string): void {
  for (const path of findLitter(state, data)) {
    if (path.endsWith('.lock')) breakDead(path);
    else rmSync(path, { force: true });
  }
}

const HOUR_MS = 60 * 60_000;

/** An unfinished file, an unfinished lock, and (in the data directory) an unfinished link to the current version. */
const TEMPORARY = /\.(\d+)-[a-z0-9]+\.tmp$|\.lock\.(\d+)\.[a-z0-9]+$/;
const LINK = /^current\.(\d+)-[a-z0-9]+$/;
/** Made and gone within milliseconds (lock.ts); names the process whose lock was broken, not its own. */
const BREAKER = /\.lock\.break-(\d+|unreadable)$/;

function isLitter(path: string, belowData: string): boolean {
  if (path.endsWith('.lock')) return isOld(path) && isDeadLock(path);
  if (BREAKER.test(basename(path))) return isOld(path);
  const match = TEMPORARY.exec(basename(path)) ?? LINK.exec(belowData);
  const pid = Number(match?.[1] ?? match?.[2] ?? 0);
  return pid > 0 && isOld(path) && readProcess(pid) === null;
}

function isOld(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > HOUR_MS;
}

/** Every file and link at or below a path; links are not followed. */
function filesBelow(path: string): string[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat === undefined ? [] : [path];
  return namesOf(path).flatMap((name) => filesBelow(join(path, name)));
}

function namesOf(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
}
