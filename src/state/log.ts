import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, StopgateError } from '../errors.ts';
import { withLock } from './lock.ts';

/** A log is rotated at this size; four older ones are kept, `<name>.1` the newest. */
const ROTATE_BYTES = 1024 * 1024;
const KEEP = 4;

/** Appends one record as a line of JSON. */
export function appendRecord(path: string, record: object): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (sizeOf(path) >= ROTATE_BYTES) rotateOnce(path);
  appendFileSync(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** One process at a time, so that no generation is pushed out twice; who has to wait appends to what is there. */
function rotateOnce(path: string): void {
  try {
    withLock(`${path}.lock`, 0, () => {
      if (sizeOf(path) >= ROTATE_BYTES) rotate(path);
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
