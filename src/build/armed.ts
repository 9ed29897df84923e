import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../errors.ts';
import { writeAtomic } from '../state/atomic.ts';
import type { StatePaths } from '../state/paths.ts';
import { readIfThere } from '../state/read-file.ts';
import { isTerminal } from './phases.ts';
import type { Build } from './schema.ts';

/**
 * `armed/stop/<build id>` is what the launcher looks at: one line, `<session id> <agent pid> <agent start>`, `-` for
 * what is not known. From it alone the launcher may say "another's" without starting Node (templates/launcher.sh).
 */
export function armedLine(build: Build): string {
  const agent = build.owner?.agent;
  return `${word(build.owner?.sessionId)} ${agent?.pid ?? '-'} ${word(agent?.start)}\n`;
}

/** Only an open, owned build can hold anybody. */
export function isArmed(build: Build): boolean {
  return !isTerminal(build.phase) && build.phase !== 'paused' && build.owner !== null;
}

/** Arms before the state is written, so that no open build is ever missed. */
export function arm(paths: StatePaths, build: Build): void {
  if (!isArmed(build)) return;
  const path = join(paths.armedStop, build.id);
  const line = armedLine(build);
  if (readIfThere(path) !== line) writeAtomic(path, line);
}

/** Disarms after the state is written, for the same reason. */
export function disarm(paths: StatePaths, build: Build): void {
  if (!isArmed(build)) disarmId(paths, build.id);
}

export function disarmId(paths: StatePaths, id: string): void {
  rmSync(join(paths.armedStop, id), { force: true });
}

/** The builds that a stop has to look at. */
export function listArmed(paths: StatePaths): string[] {
  try {
    return readdirSync(paths.armedStop).filter((name) => /^[a-z0-9-]+$/.test(name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function word(text: string | null | undefined): string {
  return text && /^[\w.:/-]+$/.test(text) ? text : '-';
}
