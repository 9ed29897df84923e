import { setTimeout as sleep } from 'node:timers/promises';
import { plainShell, type Shell } from '../rights/shell.ts';
import type { StatePaths } from '../state/paths.ts';
import { firstFailing } from './checks.ts';
import { isTerminal } from './phases.ts';
import { readBuild } from './store.ts';

const PAUSE_MS = 3_000;
/** One run that takes longer counts as "not yet"; its process group is ended. */
const RUN_MS = 30_000;

export interface Watched {
  command: string;
  cwd: string;
  /** When to give up, in milliseconds of the clock. */
  deadline: number;
  pauseMs?: number;
  /** With which rights the next run is, as things are then; with our own unless it is set. */
  shell?: () => Shell | null;
}

/**
 * Runs a command again and again until it succeeds, the time is over, or `isOver` says that nobody waits any more. A run
 * that may not be is none.
 */
export async function watch(
  { command, cwd, deadline, pauseMs = PAUSE_MS, shell = () => plainShell }: Watched,
  isOver: () => boolean,
): Promise<void> {
  for (let left = deadline - Date.now(); left > 0 && !isOver(); left = deadline - Date.now()) {
    const bounds = { eachMs: Math.min(RUN_MS, left), allMs: left };
    const now = shell();
    if (now && (await firstFailing([command], cwd, { bounds, shell: now })) === null) return;
    await sleep(Math.min(pauseMs, Math.max(0, deadline - Date.now())));
  }
}

/** True when nobody is held by a build any more. One that cannot be read may still hold its owner. */
export function holdsNobody(paths: StatePaths, id: string): boolean {
  try {
    const found = readBuild(paths, id);
    if (found.kind === 'value') return isTerminal(found.value.phase) || found.value.owner === null;
    return found.kind === 'missing';
  } catch {
    return false;
  }
}
