import {
  closeSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, StopgateError } from '../errors.ts';
import { besideLock, breakDead, hasNoLinks, removeFile } from './break-lock.ts';
import { startHeartbeat } from './heartbeat.ts';
import { type HeldLock, isOurs, whileHeld } from './held.ts';
import { holderText, parseHolder, RELEASED } from './holder.ts';
import { readIfThere } from './read-file.ts';
import { elapsedMs, sleepSync } from './sleep.ts';

export interface LockOptions {
  /** The work may take longer than a minute: the lock shows a sign of life every ten seconds. */
  long?: boolean;
}

/**
 * Runs `work` while no other process holds `path`, and returns its result.
 * The lock of a dead process is broken. A live one is waited for, at most `waitMs` milliseconds. One that cannot be seen
 * from here, in another container, is broken after a minute without a sign of life (docs/adr/0002-state-files.md).
 * @throws StopgateError `locked`, naming the holder.
 */
export function withLock<T>(
  path: string,
  waitMs: number,
  work: () => T,
  { long = false }: LockOptions = {},
): T {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = acquire(path, waitMs);
  const endHeartbeat = long ? startHeartbeat(lock) : undefined;
  try {
    return whileHeld(lock, work);
  } finally {
    endHeartbeat?.();
    release(lock);
  }
}

/** A held lock, and its open file: that one is ours wherever it is moved to. */
interface OpenLock extends HeldLock {
  fd: number;
}

function acquire(path: string, waitMs: number): OpenLock {
  const text = holderText();
  const began = elapsedMs();
  for (let pause = 1; ; pause = Math.min(pause * 2, 20)) {
    const tried = tryAcquire(path, text);
    if ('fd' in tried) return { path, text, fd: tried.fd };
    if (breakDead(path, tried.now)) continue;
    if (elapsedMs() - began >= waitMs) throw lockedError(path, waitMs);
    sleepSync(pause * (0.5 + Math.random()));
  }
}

/** The open file of the lock, or the file system's time where somebody has it. */
type Tried = { fd: number } | { now: number };

/** `link` makes name and content appear at once: no reader ever sees a lock without its holder. */
function tryAcquire(path: string, text: string): Tried {
  const mine = besideLock(path);
  const fd = openSync(mine, 'wx', 0o600);
  try {
    writeSync(fd, text);
    linkSync(mine, path);
    return { fd };
  } catch (error) {
    const now = fstatSync(fd).mtimeMs;
    closeSync(fd);
    if (errnoOf(error) === 'EEXIST') return { now };
    if (hasNoLinks(error)) return createInPlace(path, text, now);
    throw error;
  } finally {
    dropBeside(mine);
  }
}

/** A lock that was taken is held, whatever becomes of the name beside it: litter.ts clears that later. */
function dropBeside(path: string): void {
  try {
    removeFile(path);
  } catch {
    // The lock itself says who holds it.
  }
}

/** Where there are no hard links: a reader may see the lock before its holder is named, and waits (holder.ts). */
function createInPlace(path: string, text: string, now: number): Tried {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return { now };
    throw error;
  }
  try {
    writeSync(fd, text);
    return { fd };
  } catch (error) {
    closeSync(fd);
    removeFile(path);
    throw error;
  }
}

/** A lock that was moved away just now may be put back: its text then says that nobody holds it. */
function release(lock: OpenLock): void {
  const { path, fd } = lock;
  try {
    if (isOurs(lock)) return removeFile(path);
    ftruncateSync(fd, 0);
    writeSync(fd, RELEASED, 0);
  } finally {
    closeSync(fd);
  }
}

function lockedError(path: string, waitMs: number): StopgateError {
  const holder = parseHolder(readIfThere(path) ?? '');
  const who = holder ? `process ${holder.pid}` : 'another process';
  return new StopgateError('locked', `${path} is held by ${who} for more than ${waitMs} ms.`, {
    hint: 'Try again; if that process is not a stopgate command, remove the lock file.',
  });
}
