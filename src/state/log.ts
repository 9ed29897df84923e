import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, StopgateError } from '../errors.ts';
import { escapedJson } from '../printable.ts';
import { assertHeld } from './held.ts';
import { withLock } from './lock.ts';
import { readText, STATE_BYTES } from './read-file.ts';

/** A log is rotated at this size; four older ones are kept, `<name>.1` the newest. */
const ROTATE_BYTES = 1024 * 1024;
const KEEP = 4;

/** Neither follows a link that somebody put in the log's place, nor waits for the reader of a pipe. */
const APPENDING =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NOFOLLOW |
  constants.O_NONBLOCK |
  constants.O_NOCTTY;

/**
 * Appends one record as a line of JSON that acts on no terminal. @throws StopgateError `cut-short`, and whatever the system says.
 */
export function appendRecord(path: string, record: object): void {
  const { fd, stat } = openNotFull(path);
  try {
    const text = escapedJson(JSON.stringify(record));
    const line = Buffer.from(`${endsWhole(fd, stat) ? '' : '\n'}${text}\n`);
    if (writeSync(fd, line) < line.length) {
      throw new StopgateError('cut-short', `${path} took a part of a record only.`);
    }
  } finally {
    closeSync(fd);
  }
}

function openNotFull(path: string): { fd: number; stat: Stats } {
  const opened = openToAppend(path);
  if (opened.stat.size < ROTATE_BYTES) return opened;
  closeSync(opened.fd);
  rotateOnce(path);
  return openToAppend(path);
}

/**
 * Opens a regular file of ours to append to it and to read from it, and makes it where there is none; whoever calls
 * closes it. @throws StopgateError `not-a-file`, and whatever the system says.
 */
export function openToAppend(path: string): { fd: number; stat: Stats } {
  const fd = openOrMake(path);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new StopgateError('not-a-file', `${path} is no regular file.`);
    return { fd, stat };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function openOrMake(path: string): number {
  try {
    return openSync(path, APPENDING, 0o600);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, APPENDING, 0o600);
  }
}

/** A name for a record that no other one of a log has; node:crypto would cost a hook too much. */
export function recordId(): string {
  return Math.floor(Math.random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0');
}

/** Every record that a log still has, oldest first. What is no record, or was cut short by a crash, is skipped. */
export function readRecords(path: string): Record<string, unknown>[] {
  const files = [path, ...Array.from({ length: KEEP }, (_, n) => `${path}.${n + 1}`)];
  // Read newest first: a file that is rotated meanwhile is met twice, and never missed.
  const lines = files.map(textOf).reverse().join('\n').split('\n');
  return [...new Set(lines)].flatMap(parseRecord);
}

/** False after a line that a crash cut short: the next one must not be lost with it. */
function endsWhole(fd: number, { size }: Stats): boolean {
  const last = Buffer.alloc(1);
  return size === 0 || readSync(fd, last, 0, 1, size - 1) === 0 || last[0] === 0x0a;
}

function textOf(path: string): string {
  try {
    return readText(path, STATE_BYTES, 'own');
  } catch {
    return '';
  }
}

function parseRecord(line: string): Record<string, unknown>[] {
  try {
    const record = JSON.parse(line);
    const isRecord = typeof record === 'object' && record !== null && !Array.isArray(record);
    return isRecord ? [record] : [];
  } catch {
    return [];
  }
}

/** One process at a time, so that no generation is pushed out twice; who has to wait appends to what is there. */
function rotateOnce(path: string): void {
  try {
    withLock(`${path}.lock`, 0, () => {
      if (sizeOf(path) < ROTATE_BYTES) return;
      assertHeld();
      rotate(path);
    });
  } catch (error) {
    if (!(error instanceof StopgateError)) throw error;
  }
}

function rotate(path: string): void {
  for (let n = KEEP - 1; n >= 0; n--) {
    const from = n === 0 ? path : `${path}.${n}`;
    try {
      renameSync(from, `${path}.${n + 1}`);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
