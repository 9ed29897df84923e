import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../errors.ts';
import { writeAtomic } from '../state/atomic.ts';
import type { StatePaths } from '../state/paths.ts';
import { readIfThere } from '../state/read-file.ts';
import { addKeys, dropKeys, removeIfEmpty, whileTrusted } from './keyed.ts';
import { keysOf } from './keys.ts';
import { isTerminal } from './phases.ts';
import type { Build } from './schema.ts';

/**
 * What the launcher looks at (templates/launcher.sh), and hooks before they read a build:
 *
 * - `armed/stop/` is there while a build can hold anybody.
 * - `armed/by/<key>/<build id>`: whoever has none of a build's keys cannot be its owner (src/build/keys.ts).
 * - `armed/keyed` is at least as new as `armed/stop/` while every build is under its keys (src/build/keyed.ts).
 *
 * `armed/stop/<build id>` holds one line for launchers of 0.1: `<session id> <agent pid> <agent start>`, `-` for what is
 * not known.
 */
export function armedLine(build: Build): string {
  const agent = build.owner?.agent;
  return `${word(build.owner?.sessionId)} ${agent?.pid ?? '-'} ${word(agent?.start)}\n`;
}

/** Only an open, owned build can hold anybody. */
export function isArmed(build: Build): boolean {
  return isKept(build) && build.phase !== 'paused';
}

/** Only an open, owned build is anybody's: a paused one too is told to its owner. */
export function isKept(build: Build): boolean {
  return !isTerminal(build.phase) && build.owner !== null;
}

/** Arms before the state is written, so that no open build is ever missed. */
export function arm(paths: StatePaths, build: Build): void {
  if (isKept(build)) addKeys(paths, build.id, keysOf(build));
  if (!isArmed(build)) return;
  const path = join(paths.armedStop, build.id);
  const line = armedLine(build);
  if (readIfThere(path) !== line) whileTrusted(paths, () => writeLine(path, line));
}

/** Disarms after the state is written, for the same reason; `before` is the build as it was. */
export function disarm(paths: StatePaths, build: Build, before: Build = build): void {
  if (!isArmed(build)) disarmId(paths, build.id);
  const kept = new Set(isKept(build) ? keysOf(build) : []);
  dropKeys(
    paths,
    build.id,
    keysOf(before).filter((key) => !kept.has(key)),
  );
}

/** Takes a name out of `armed/stop`; what is left of its keys names a build that is not there. */
export function disarmId(paths: StatePaths, id: string): void {
  const path = join(paths.armedStop, id);
  if (readIfThere(path) === null) return;
  whileTrusted(paths, () => {
    rmSync(path, { force: true });
    removeIfEmpty(paths.armedStop);
  });
}

/** The builds that can hold anybody, each by its name alone. */
export function listArmed(paths: StatePaths): string[] {
  try {
    return readdirSync(paths.armedStop).filter((name) => /^[a-z0-9-]+$/.test(name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The last build that was disarmed takes the directory along: another process may, too. */
function writeLine(path: string, line: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      return writeAtomic(path, line);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || tries === 3) throw error;
    }
  }
}

function word(text: string | null | undefined): string {
  return text && /^[\w.:/-]+$/.test(text) ? text : '-';
}
