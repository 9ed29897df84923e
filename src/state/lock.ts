import { linkSync, mkdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, StopgateError } from '../errors.ts';
import { machineId } from '../owner/machine.ts';
import { type AgentProcess, livenessOf, processStamp, readProcess } from '../owner/process.ts';
import { readIfThere } from './read-file.ts';
import { sleepSync } from './sleep.ts';

/** A break that was itself cut off, or a lock that names no holder, is cleared after this many milliseconds. */
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
    removeFile(path);
  }
}

/** `link` makes name and content appear at once: no reader ever sees a lock without its holder. */
function tryAcquire(path: string): boolean {
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    writeFileSync(mine, JSON.stringify(self()), { mode: 0o600, flag: 'wx' });
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    removeFile(mine);
  }
}

/**
 * Removes the lock of a dead holder. One marker per dead holder, created exclusively, elects one breaker, so a lock
 * that a third process took meanwhile is never removed.
 */
export function breakDead(path: string): boolean {
  const text = readIfThere(path);
  if (text === null || !isDead(path, text)) return false;
  const marker = `${path}.break-${parseHolder(text)?.pid ?? 'unreadable'}`;
  try {
    writeFileSync(marker, '', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    if (ageOf(marker) > BREAKER_MS) removeFile(marker);
    return false;
  }
  try {
    if (readIfThere(path) === text) unlinkSync(path);
    return true;
  } finally {
    removeFile(marker);
  }
}

/** As rmSync with force does; but that loads code for whole directories, 3 % of an owner's block. */
function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** True while the file is the lock of a process that is proven gone. */
export function isDeadLock(path: string): boolean {
  const text = readIfThere(path);
  return text !== null && isDead(path, text);
}

/** A holder on another machine, or one whose start was never known, cannot be told dead. */
function isDead(path: string, text: string): boolean {
  const holder = parseHolder(text);
  if (holder === null) return ageOf(path) > BREAKER_MS;
  if (holder.start === '' || holder.machine !== machineId()) return false;
  return livenessOf(holder) === 'dead';
}

function ageOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? Date.now() - stat.mtimeMs : 0;
}

interface Holder extends AgentProcess {
  machine: string;
}

function parseHolder(text: string): Holder | null {
  try {
    const { pid, start, namespace, machine } = JSON.parse(text);
    const isHolder = typeof pid === 'number' && typeof start === 'string';
    return isHolder ? { pid, start, namespace, machine: String(machine) } : null;
  } catch {
    return null;
  }
}

function self(): Holder {
  const stamp = processStamp(readProcess(process.pid) ?? { pid: process.pid, start: '' });
  return { ...stamp, machine: machineId() };
}

function lockedError(path: string, waitMs: number): StopgateError {
  const holder = parseHolder(readIfThere(path) ?? '');
  const who = holder ? `process ${holder.pid}` : 'another process';
  return new StopgateError('locked', `${path} is held by ${who} for more than ${waitMs} ms.`, {
    hint: 'Try again; if that process is not a stopgate command, remove the lock file.',
  });
}
