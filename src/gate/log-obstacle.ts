import { accessSync, constants, lstatSync, type Stats, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../errors.ts';

/** What holds while decisions cannot be written down, in a person's words. */
export const UNLOGGED_MEANS =
  'The authority is not asked and holds nobody; the build gate goes on, without a record.';

/** Says why no record can be appended to a log now, or `null` where one can. Only looks, and writes nothing. */
export function logObstacle(path: string): string | null {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return directoryObstacle(nearestThere(dirname(path)));
    if (!stat.isFile()) return `${path} is ${kindOf(stat)}, and a regular file was expected`;
    accessSync(path, constants.R_OK | constants.W_OK);
    return isFull(path) ? full(path) : null;
  } catch (error) {
    return messageOf(error);
  }
}

/** The log is made where it is missing, and so are the directories above it. */
function directoryObstacle(dir: string): string | null {
  if (!statSync(dir).isDirectory()) return `${dir} is not a directory`;
  accessSync(dir, constants.W_OK | constants.X_OK);
  return isFull(dir) ? full(dir) : null;
}

function nearestThere(dir: string): string {
  const isThere = lstatSync(dir, { throwIfNoEntry: false }) !== undefined;
  return isThere || dirname(dir) === dir ? dir : nearestThere(dirname(dir));
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'a directory';
  return stat.isSymbolicLink() ? 'a symbolic link' : 'a device or a pipe';
}

/** What a disk keeps back for root is free for root alone. A file system that counts no blocks is never full. */
function isFull(path: string): boolean {
  const { blocks, bfree, bavail } = statfsSync(path);
  return blocks > 0 && (process.getuid?.() === 0 ? bfree : bavail) === 0;
}

function full(path: string): string {
  return `no space is left on the disk that holds ${path}`;
}
