import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { armHandOff } from '../shutdown/armed.ts';
import { writeAtomic } from '../state/atomic.ts';
import { statePaths } from '../state/paths.ts';
import { unguarded } from './guard.ts';
import type { Place } from './site.ts';
import type { Entry } from './types.ts';

/** More than any hook takes; the hosts would wait longer. */
const BOUND_MS = 5_000;

/**
 * What is wrong with the launcher behind a registered command, or `null`: it printed one JSON object in time and exited
 * with 0. The guard, which would hide what is wrong, is left out.
 */
export async function rehearse(entry: Entry, place: Place): Promise<string | null> {
  const scratch = mkdtempSync(join(tmpdir(), 'stopgate-doctor-'));
  try {
    // Armed by nobody known, so that the launcher has to start Node.
    writeAtomic(join(statePaths(scratch).armedStop, 'rehearsal'), '- - -\n');
    armHandOff(statePaths(scratch), process.pid);
    if (place.env.CLAUDE_PID) armHandOff(statePaths(scratch), Number(place.env.CLAUDE_PID));
    const run = await execa('/bin/sh', ['-c', unguarded(entry.command)], {
      cwd: existsSync(place.project) ? place.project : '/',
      env: { ...place.env, STOPGATE_STATE_DIR: scratch, CLAUDE_PROJECT_DIR: place.project },
      input: JSON.stringify(syntheticEvent(entry, place)),
      extendEnv: false,
      reject: false,
      timeout: BOUND_MS,
      killSignal: 'SIGKILL',
    });
    return problemOf(run);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function syntheticEvent(entry: Entry, place: Place): object {
  return {
    session_id: 'stopgate-doctor',
    transcript_path: null,
    cwd: place.project,
    hook_event_name: entry.event,
    source: 'startup',
    reason: 'other',
    // A stop that goes on from a block is never put to an authority: a person's own is asked nothing made up.
    stop_hook_active: true,
  };
}

function problemOf(run: {
  timedOut: boolean;
  exitCode?: number | undefined;
  stdout: string;
  shortMessage?: string | undefined | undefined;
}): string | null {
  if (run.timedOut) return `no answer within ${BOUND_MS / 1000} s`;
  if (run.exitCode !== 0) return `exit code ${run.exitCode ?? 'none'}: ${run.shortMessage ?? ''}`;
  try {
    const answer: unknown = JSON.parse(run.stdout);
    return typeof answer === 'object' && answer !== null ? null : `printed ${run.stdout}`;
  } catch {
    return `printed no JSON object: ${JSON.stringify(run.stdout.slice(0, 200))}`;
  }
}
