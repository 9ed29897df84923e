import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, StopgateError } from '../errors.ts';
import { type AgentProcess, livenessOf, readProcess } from '../owner/process.ts';
import { sleepSync } from './sleep.ts';

/** A break of a dead holder's lock that was itself cut off is retried after this many milliseconds. */
const BREAKER_MS = 5_000;

/**
 * Runs `work` while no other process holds `path`, and returns its result.
 * The lock of a dead process is broken; a live one is waited for, at most `waitMs` milliseconds.
 * @throws StopgateError `locked`, naming the holder.
 */
export function withLock<T>(path: string, waitMs: number, work: () => T): T {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const deadline = Date.now() + waitMs;
  for (let pause = 1; !tryAcquire(path); pause = Math.min(pause * 2, 20)) {
    if (breakDead(path)) continue;
    if (Date.now() >= deadline) throw lockedError(path, waitMs);
    sleepSync(pause * (0.5 + Math.random()));
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** `link` makes name and content appear at once: no reader ever sees a lock without its holder. */
function tryAcquire(path: string): boolean {
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(mine, JSON.stringify(self()), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(mine);
  }
}

/**
 * Removes the lock of a dead holder. One marker per dead holder, created exclusively, elects one breaker, so a lock
 * that a third process took meanwhile is never removed.
 */
function breakDead(path: string): boolean {
  const holder = readHolder(path);
  if (holder === null || livenessOf(holder) !== 'dead') return false;
  const marker = `${path}.break-${holder.pid}`;
  try {
    writeFileSync(marker, '', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    dropOldMarker(marker);
    return false;
  }
  try {
    const still = readHolder(path);
    if (still?.pid === holder.pid && still.start === holder.start) unlinkSync(path);
    return true;
  } finally {
    rmSync(marker, { force: true });
  }
}

function dropOldMarker(marker: string): void {
  try {
    if (Date.now() - statSync(marker).mtimeMs > BREAKER_MS) rmSync(marker, { force: true });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

function readHolder(path: string): AgentProcess | null {
  try {
    const { pid, start } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof pid === 'number' && typeof start === 'string' ? { pid, start } : null;
  } catch {
    return null;
  }
}

function self(): AgentProcess {
  return { pid: process.pid, start: readProcess(process.pid)?.start ?? '' };
}

function lockedError(path: string, waitMs: number): StopgateError {
  const holder = readHolder(path);
  const who = holder ? `process ${holder.pid}` : 'another process';
  return new StopgateError('locked', `${path} is held by ${who} for more than ${waitMs} ms.`, {
    hint: 'Try again; if that process is not a stopgate command, remove the lock file.',
  });
}
