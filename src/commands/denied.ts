import { accessSync, constants } from 'node:fs';
import { errnoOf } from '../errors.ts';

export type Denied = 'read' | 'write' | 'run';

const READS = /^(read|scandir|opendir|statx?|lstat|fstat|readlink|realpath|access)$/;

/**
 * What the system did not let us do, or `null` when an error is about something else. An open file may have been meant
 * for either: whether it can be read at all decides.
 */
export function deniedIn(error: unknown, isReadable = canRead): Denied | null {
  const code = errnoOf(error);
  const { syscall = '', path } = error as NodeJS.ErrnoException;
  if (code === 'EROFS') return 'write';
  // On a read-only file system a recursive mkdir with a missing parent says ENOENT.
  if (code === 'ENOENT') return syscall === 'mkdir' ? 'write' : null;
  if ((code !== 'EACCES' && code !== 'EPERM') || syscall === 'kill') return null;
  if (syscall.startsWith('spawn')) return 'run';
  if (READS.test(syscall)) return 'read';
  return syscall === 'open' && path !== undefined && !isReadable(path) ? 'read' : 'write';
}

/** What is not there could be read, for all that is known. */
function canRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    return errnoOf(error) === 'ENOENT';
  }
}
