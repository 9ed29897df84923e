import { closeSync, fstatSync, type Stats } from 'node:fs';
import { errnoOf, StopgateError } from '../errors.ts';
import { openRegularFile, readAt, STATE_BYTES } from '../state/read-file.ts';
import { positionAt } from './position.ts';

/** What a settings file held at one moment; null when there was none. */
export interface Snapshot {
  readonly text: string;
  readonly bytes: Buffer;
  readonly stat: Stats;
  /** Device and inode, every digit of them. */
  readonly id: string;
}

/**
 * Reads a file together with the identity of what was read, and nothing of it is lost in the decoding.
 * @throws StopgateError when it cannot be read or isn't UTF-8.
 */
export function takeSnapshot(path: string): Snapshot | null {
  const fd = openForReading(path);
  if (fd === null) return null;
  try {
    const bytes = bytesOf(fd);
    if (bytes.length > STATE_BYTES) throw tooLarge(path);
    return { bytes, stat: fstatSync(fd), id: idOf(fd), text: decode(path, bytes) };
  } finally {
    closeSync(fd);
  }
}

/** True while the path still names the same file with the same bytes. */
export function isCurrent(path: string, snapshot: Snapshot | null): boolean {
  const fd = openForReading(path);
  if (fd === null || snapshot === null) {
    if (fd !== null) closeSync(fd);
    return fd === null && snapshot === null;
  }
  try {
    return idOf(fd) === snapshot.id && holds(fd, snapshot.bytes);
  } finally {
    closeSync(fd);
  }
}

export function openForReading(path: string): number | null {
  try {
    return openRegularFile(path).fd;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    if (error instanceof StopgateError) throw error;
    throw new StopgateError('unreadable', `${path} cannot be read (${errnoOf(error)}).`, {
      hint: 'Make the file readable, then run the command again.',
      cause: error,
    });
  }
}

/** All bytes behind an open descriptor, wherever it stands, as far as a settings file may go and one more. */
export function bytesOf(fd: number): Buffer {
  return readAt(fd, 0, Math.min(fstatSync(fd).size, STATE_BYTES + 1));
}

function tooLarge(path: string): StopgateError {
  return new StopgateError('too-large', `${path} has more than ${STATE_BYTES} bytes.`, {
    hint: 'A settings file was expected. Move it away, then run the command again.',
  });
}

export function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const { line, column } = firstBroken(bytes);
    throw new StopgateError('not-utf8', `${path}:${line}:${column}: this is not UTF-8 text.`, {
      hint: 'Save the file as UTF-8, then run the command again.',
      cause,
    });
  }
}

/** Where the first byte is that no text in UTF-8 has there. */
function firstBroken(bytes: Buffer): { line: number; column: number } {
  const text = bytes.toString('utf8');
  let at = text.indexOf(REPLACED);
  while (isWritten(bytes, text.slice(0, at))) at = text.indexOf(REPLACED, at + 1);
  return positionAt(text, at);
}

/** What a decoder puts in the place of what it cannot read; a text may hold it as well. */
const REPLACED = '\uFFFD';

function isWritten(bytes: Buffer, before: string): boolean {
  const start = Buffer.byteLength(before);
  return bytes.subarray(start, start + 3).equals(Buffer.from(REPLACED));
}

function idOf(fd: number): string {
  return identity(fstatSync(fd, { bigint: true }));
}

/** Some file systems number their files beyond what a JavaScript number holds. */
export function identity({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

function holds(fd: number, bytes: Buffer): boolean {
  return fstatSync(fd).size === bytes.length && bytesOf(fd).equals(bytes);
}
