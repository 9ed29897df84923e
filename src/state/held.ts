import { StopgateError } from '../errors.ts';
import { readIfThere } from './read-file.ts';

/** A lock that this process took: the file, and what it wrote into it. */
export interface HeldLock {
  path: string;
  text: string;
}

/** Locked work is synchronous, so these are the locks of the work that runs now. */
const held: HeldLock[] = [];

/** Runs `work` as the work that a lock protects. */
export function whileHeld<T>(lock: HeldLock, work: () => T): T {
  held.push(lock);
  try {
    return work();
  } finally {
    held.pop();
  }
}

/**
 * Throws where another process has taken over a lock that the running work needs. Call it right before anything that
 * changes what a lock protects; {@link writeAtomic} does so itself. A process that was stopped for minutes, or whose
 * computer was asleep, then writes nothing over what was written meanwhile.
 * @throws StopgateError `lock-lost`.
 */
export function assertHeld(): void {
  const lost = held.find((lock) => !isOurs(lock));
  if (lost === undefined) return;
  throw new StopgateError(
    'lock-lost',
    `${lost.path} was taken over while this process was stopped: nothing was written.`,
    { hint: 'Run the command again.' },
  );
}

/** True while the lock file holds what this process wrote into it. */
export function isOurs({ path, text }: HeldLock): boolean {
  return readIfThere(path) === text;
}
