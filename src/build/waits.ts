import { type AgentProcess, sameProcess } from '../owner/process.ts';
import { assertOpen, changed } from './change.ts';
import type { Build, Wait } from './schema.ts';

/** Tells whether a process is still there. */
export type IsAlive = (process: AgentProcess) => boolean;

/** Lets the owner stop while a process is there, and its time is not over; waiting is no progress. Pure. */
export function addWait(build: Build, wait: Wait, at: string): Build {
  assertOpen(build, 'wait in');
  const others = (build.waits ?? []).filter((known) => !sameProcess(known, wait));
  const waits = [...others, wait];
  return changed({ ...build, waits }, { at, what: 'waits', note: wait.what });
}

/** What the build still waits for. */
export function openWaits({ waits = [] }: Build, isAlive: IsAlive, at: string): Wait[] {
  return waits.filter((wait) => (wait.until === undefined || at < wait.until) && isAlive(wait));
}

/** The build without what it no longer waits for; the same object when there is nothing to drop. */
export function withoutEnded(build: Build, isAlive: IsAlive, at: string): Build {
  const open = openWaits(build, isAlive, at);
  return open.length === (build.waits?.length ?? 0) ? build : { ...build, waits: open };
}
