import { closeSync, constants, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** A plan is read up to here; what lies behind is not counted, which can only let go. */
const READ_BYTES = 128 * 1024;

/** When a regular file was written last, in milliseconds; `null` for anything else, a link too. */
export function writtenAt(checkout: string, path: string): number | null {
  try {
    const stat = lstatSync(join(checkout, path));
    return stat.isFile() ? stat.mtimeMs : null;
  } catch {
    return null;
  }
}

/** The beginning of a regular file; never waits, never follows a link. */
export function readStart(checkout: string, path: string): string {
  let fd: number;
  try {
    fd = openSync(
      join(checkout, path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
  } catch {
    return '';
  }
  try {
    const bytes = Buffer.alloc(READ_BYTES);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, READ_BYTES, 0));
  } catch {
    return '';
  } finally {
    closeSync(fd);
  }
}
