import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../errors.ts';

/** What stands where something of ours belongs, in words; `null` when an error is about something else. */
export function obstacleIn(error: unknown): string | null {
  const { path, dest = path } = error as NodeJS.ErrnoException & { dest?: string };
  if (dest === undefined) return null;
  switch (errnoOf(error)) {
    case 'ENOTDIR':
      return `${notDirectory(dest) ?? dest} is a file; a directory was expected.`;
    case 'EISDIR':
      return `${dest} is a directory; a file was expected.`;
    case 'EEXIST':
    case 'ENOTEMPTY':
      return `${dest} is in the way.`;
    default:
      return null;
  }
}

/** The part of a path that keeps the rest of it from being there. */
function notDirectory(path: string): string | null {
  if (path === dirname(path)) return null;
  const above = notDirectory(dirname(path));
  if (above !== null) return above;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || stat.isDirectory() || stat.isSymbolicLink() ? null : path;
}
