import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { StopgateError } from '../errors.ts';

/** No state file, settings file or program of stopgate comes near this size. */
export const STATE_BYTES = 16 * 1024 * 1024;

/** Enough for a file that holds one path, one name or one line. */
export const LINE_BYTES = 64 * 1024;

/**
 * Which file is meant: what a path leads to, links followed; the file at the path itself; or that, and only while it is
 * this person's. What stopgate writes itself is no link, and what somebody else put there is no state of ours.
 */
export type Which = 'linked' | 'itself' | 'own';

/**
 * Reads a regular file whole, and never waits: a pipe, a device, a directory and a file larger than `maxBytes` are
 * refused. Of a file that grows meanwhile, only what was there at first is read.
 * @throws StopgateError `not-a-file`, `too-large`, and whatever the system says of a file that cannot be read.
 */
export function readRegularFile(path: string, maxBytes: number, which: Which = 'linked'): Buffer {
  return reading(path, which, (fd, { size }) => {
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
    return readAt(fd, 0, size);
  });
}

/** Like {@link readRegularFile}, decoded as UTF-8. */
export function readText(path: string, maxBytes: number, which: Which = 'linked'): string {
  return readRegularFile(path, maxBytes, which).toString('utf8');
}

/** The text of a small file of ours; `null` when it is not there or cannot be read. */
export function readIfThere(path: string): string | null {
  try {
    return readText(path, LINE_BYTES, 'own');
  } catch {
    return null;
  }
}

/** The first `maxBytes` of a regular file. @throws like {@link readRegularFile}. */
export function readStart(path: string, maxBytes: number, which: Which = 'linked'): Buffer {
  return reading(path, which, (fd, { size }) => readAt(fd, 0, Math.min(size, maxBytes)));
}

/** The last `maxBytes` of a regular file. @throws like {@link readRegularFile}. */
export function readEnd(path: string, maxBytes: number): Buffer {
  return reading(path, 'linked', (fd, { size }) => {
    const length = Math.min(size, maxBytes);
    return readAt(fd, size - length, length);
  });
}

/** Opens a regular file to read from it; whoever calls closes it. @throws like {@link readRegularFile}. */
export function openRegularFile(
  path: string,
  which: Which = 'linked',
): { fd: number; stat: Stats } {
  // Opening a device may do something, so the look comes first; the file may be another one by then, so it comes again.
  assertRegular(path, which === 'linked' ? statSync(path) : lstatSync(path));
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  const fd = openSync(path, which === 'linked' ? flags : flags | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(fd);
    assertRegular(path, stat);
    if (which === 'own') assertOwn(path, stat);
    return { fd, stat };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Reads `length` bytes from `position` on, fewer where the file ends before. */
export function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let count = 0;
  while (count < length) {
    const more = readSync(fd, bytes, count, length - count, position + count);
    if (more === 0) break;
    count += more;
  }
  return bytes.subarray(0, count);
}

function reading<T>(path: string, which: Which, read: (fd: number, stat: Stats) => T): T {
  const { fd, stat } = openRegularFile(path, which);
  try {
    return read(fd, stat);
  } finally {
    closeSync(fd);
  }
}

function assertRegular(path: string, stat: Stats): void {
  if (stat.isFile()) return;
  const what = stat.isSymbolicLink() ? 'a symbolic link' : 'not a regular file';
  throw new StopgateError('not-a-file', `${path} is ${what}; a regular file was expected.`);
}

function assertOwn(path: string, { uid }: Stats): void {
  const me = process.geteuid?.() ?? uid;
  if (uid === me) return;
  throw new StopgateError('not-ours', `${path} belongs to user ${uid}, and this is user ${me}.`);
}

function tooLarge(path: string, size: number, maxBytes: number): StopgateError {
  return new StopgateError(
    'too-large',
    `${path} has ${size} bytes, more than the ${maxBytes} that are read.`,
  );
}
