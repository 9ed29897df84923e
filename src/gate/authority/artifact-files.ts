import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { readStart } from '../../state/read-file.ts';

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
export function startOf(checkout: string, path: string): string {
  try {
    return readStart(join(checkout, path), READ_BYTES, 'itself').toString('utf8');
  } catch {
    return '';
  }
}
