import { existsSync, mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '../errors.ts';
import { writeQuickly } from '../state/atomic.ts';
import { namesIn } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';
import { type Key, keyDir } from './keys.ts';

/** Puts a build under its keys; those that it has stay as they are. */
export function addKeys({ armedBy }: StatePaths, id: string, keys: readonly Key[]): void {
  for (const key of keys) addKey(join(keyDir(armedBy, key), id));
}

/** Takes a build out from under keys that are no longer its own. */
export function dropKeys({ armedBy }: StatePaths, id: string, keys: readonly Key[]): void {
  for (const key of keys) {
    const dir = keyDir(armedBy, key);
    if (!existsSync(join(dir, id))) continue;
    rmSync(join(dir, id), { force: true });
    removeIfEmpty(dir);
  }
}

/** The ids of the builds under any of these keys, each once. */
export function idsUnder({ armedBy }: StatePaths, keys: readonly Key[]): string[] {
  const ids = keys.flatMap((key) => namesIn(keyDir(armedBy, key)));
  return [...new Set(ids)].filter((id) => /^[a-z0-9-]+$/.test(id));
}

/**
 * True when every open build that somebody owns is under its keys. Stopgate 0.1, in a project's own copy say, arms without
 * keys; a process that was killed may have, too. Both leave `armed/stop` newer than `armed/keyed`.
 */
export function isKeyed(paths: StatePaths): boolean {
  const keyed = changedAt(paths.armedKeyed);
  if (keyed === null)
    return namesIn(paths.builds).length === 0 && changedAt(paths.armedStop) === null;
  const armed = changedAt(paths.armedStop);
  return armed === null || armed <= keyed;
}

/** Counts every build as keyed once `work` has seen to it, unless something was armed or disarmed meanwhile. */
export function blessKeys(paths: StatePaths, work: () => void): boolean {
  const before = changedAt(paths.armedStop);
  work();
  if (changedAt(paths.armedStop) !== before) return false;
  writeQuickly(paths.armedKeyed, '');
  return true;
}

/** Changes what is armed; what was under its keys before counts as such afterwards. */
export function whileTrusted(paths: StatePaths, change: () => void): void {
  const trusted = isKeyed(paths);
  change();
  if (trusted) writeQuickly(paths.armedKeyed, '');
}

/** Removes a directory unless something is in it. */
export function removeIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // Something is in it, or another process was here first.
  }
}

function addKey(path: string): void {
  if (existsSync(path)) return;
  for (let tries = 1; ; tries += 1) {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return writeQuickly(path, '');
    } catch (error) {
      // The last build under this key took its directory along.
      if (errnoOf(error) !== 'ENOENT' || tries === 3) throw error;
    }
  }
}

function changedAt(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? null;
}
