import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { errnoOf, StopgateError } from '../errors.ts';

/**
 * The regular file that a settings path stands for, every symlink followed; it need not exist yet.
 * @throws StopgateError for a link that leads nowhere, and for anything that isn't a regular file.
 */
export function resolveTarget(path: string): string {
  const real = follow(resolve(path));
  const stat = statSync(real, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) {
    const what = stat.isDirectory() ? 'a directory' : 'neither a file nor absent';
    throw new StopgateError('not-a-file', `${path} is ${what}; a settings file was expected.`, {
      hint: 'Move it away, then run the command again.',
    });
  }
  return real;
}

function follow(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' && !exists(path)) return join(follow(dirname(path)), basename(path));
    if (code !== 'ENOENT' && code !== 'ELOOP') throw unreadable(path, error);
    throw new StopgateError('dangling-link', `${path} is a symbolic link that leads nowhere.`, {
      hint: 'Create the file it points to (an empty one will do), or remove the link.',
    });
  }
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): StopgateError {
  return new StopgateError('unreadable', `${path} cannot be read (${errnoOf(cause)}).`, {
    hint: 'Make the file and its directories readable, then run the command again.',
    cause,
  });
}
