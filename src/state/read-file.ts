import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { StopgateError } from '../errors.ts';

/** No state file of ours comes near it. */
export const STATE_BYTES = 16 * 1024 * 1024;

/**
 * Reads a file whole and never waits: a pipe, a device, a directory and what is larger than `maxBytes` are refused.
 * @throws StopgateError `not-a-file`, `too-large`, and whatever the system says of a file that cannot be read.
 */
export function readRegularFile(path: string, maxBytes: number): Buffer {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new StopgateError('not-a-file', `${path} is not a regular file.`);
    if (stat.size > maxBytes) throw tooLarge(path, stat.size, maxBytes);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The text of a small file; `null` when it is not there or cannot be read. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function tooLarge(path: string, size: number, maxBytes: number): StopgateError {
  return new StopgateError(
    'too-large',
    `${path} has ${size} bytes, more than the ${maxBytes} that are read.`,
  );
}
