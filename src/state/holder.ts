import { statSync } from 'node:fs';
import { machineId } from '../owner/machine.ts';
import {
  type AgentProcess,
  isVisible,
  livenessOf,
  processStamp,
  readProcess,
} from '../owner/process.ts';

/** The process that a lock file names. */
export interface Holder extends AgentProcess {
  machine: string;
}

/** What a holder writes into a lock that it let go and could not remove. */
export const RELEASED = 'released';

/** A lock file that names no holder is being written, or a power cut left it; after this it counts as left. */
export const UNNAMED_MS = 5_000;

/** A holder that cannot be seen from here writes to its lock every ten seconds; after this without one it is gone. */
export const SILENT_MS = 60_000;

let own: Holder | undefined;

/** The text of a lock that this process takes now; no other lock, of this process or another, has the same. */
export function holderText(): string {
  own ??= {
    ...processStamp(readProcess(process.pid) ?? { pid: process.pid, start: '' }),
    machine: machineId(),
  };
  return JSON.stringify({ ...own, token: Math.random().toString(36).slice(2) });
}

/** Reads a lock's text; `null` when it names no process. */
export function parseHolder(text: string): Holder | null {
  try {
    const { pid, start, namespace, machine } = JSON.parse(text);
    const isHolder = typeof pid === 'number' && typeof start === 'string';
    return isHolder ? { pid, start, namespace, machine: String(machine) } : null;
  } catch {
    return null;
  }
}

/**
 * True when nobody can be holding a lock file with this text any more. `now` is the time of the file system that the
 * file is on. A file from the future counts as old: the clock was set back since.
 */
export function isAbandoned(file: string, text: string, now: number): boolean {
  if (text === RELEASED) return true;
  const holder = parseHolder(text);
  if (holder === null) return ageOf(file, now) > UNNAMED_MS;
  if (isOutOfSight(holder)) return ageOf(file, now) > SILENT_MS;
  return livenessOf(holder) === 'dead';
}

/** Milliseconds between the last write to a file and `now`, in either direction; 0 when there is no file. */
export function ageOf(file: string, now: number): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? Math.abs(now - stat.mtimeMs) : 0;
}

/** A process of another machine or PID namespace, or one that could not tell when it began. */
function isOutOfSight(holder: Holder): boolean {
  return holder.start === '' || holder.machine !== machineId() || !isVisible(holder);
}
