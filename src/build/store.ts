import { join } from 'node:path';
import { StopgateError } from '../errors.ts';
import { mayBeAlive } from '../owner/process.ts';
import { writeAtomic } from '../state/atomic.ts';
import {
  jsonNames,
  namesIn,
  peekState,
  type ReadState,
  readState,
  serializeState,
  type Versioned,
} from '../state/json-file.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';
import { arm, disarm, disarmId, isKept } from './armed.ts';
import { addKeys, blessKeys, dropKeys, isKeyed } from './keyed.ts';
import { type Key, keysOf } from './keys.ts';
import { BUILD_SCHEMA, type Build, buildSchema } from './schema.ts';
import { withoutEnded } from './waits.ts';

export const AS_BUILD: Versioned<Build> = { version: BUILD_SCHEMA, schema: () => buildSchema };

/** Reads one build's state file. A corrupt one is set aside with its bytes, as `*.corrupt-<time>`. */
export function readBuild(paths: StatePaths, id: string): ReadState<Build> {
  return readState(paths.build(id), { ...AS_BUILD, fits: (build) => build.id === id });
}

/** The ids of all state files; none when there is no directory yet. */
export function listBuilds(paths: StatePaths): string[] {
  return jsonNames(paths.builds);
}

/** The state files that were set aside as corrupt. */
export function listCorrupt(paths: StatePaths): string[] {
  return namesIn(paths.builds)
    .filter((name) => name.includes('.corrupt-'))
    .map((name) => join(paths.builds, name));
}

/** Writes a new build, armed first: an armed build without a state file holds nobody. */
export function createBuild(paths: StatePaths, build: Build): void {
  arm(paths, build);
  writeAtomic(paths.build(build.id), serializeState(build));
}

/**
 * Changes one build while no other process can: read, edit, write. `edit` returns the build as it shall be, or the
 * same object for "leave it", which writes nothing. What is written no longer waits for what has ended.
 * @throws StopgateError `no-build`, `corrupt`, `newer-schema`, `locked`.
 */
export function updateBuild(
  paths: StatePaths,
  id: string,
  waitMs: number,
  edit: (build: Build) => Build,
): Build {
  return withLock(join(paths.locks, `build-${id}.lock`), waitMs, () => {
    const before = requireBuild(paths, id);
    const edited = edit(before);
    if (edited === before) return before;
    const after = withoutEnded(edited, mayBeAlive, new Date().toISOString());
    arm(paths, after);
    writeAtomic(paths.build(id), serializeState(after));
    disarm(paths, after, before);
    return after;
  });
}

/**
 * Disarms a name that has no build, and takes it out from under the keys by which it was met. One that is armed because its
 * build is being started just now is left alone.
 */
export function disarmOrphan(paths: StatePaths, id: string, keys: readonly Key[] = []): void {
  try {
    withBuildsLock(paths, 0, () => {
      if (readBuild(paths, id).kind !== 'missing') return;
      disarmId(paths, id);
      dropKeys(paths, id, keys);
    });
  } catch {
    // Somebody starts a build, or nothing can be written here: the next stop looks again.
  }
}

/** Puts every open build that somebody owns under its keys, where that may not be so. False when it cannot be done. */
export function keyBuilds(paths: StatePaths): boolean {
  if (isKeyed(paths)) return true;
  try {
    return blessKeys(paths, () => {
      for (const id of listBuilds(paths)) {
        const found = peekState(paths.build(id), AS_BUILD);
        if (found.kind === 'value' && isKept(found.value)) addKeys(paths, id, keysOf(found.value));
      }
    });
  } catch {
    return false;
  }
}

/** Runs `work` while no other process starts a build. */
export function withBuildsLock<T>(paths: StatePaths, waitMs: number, work: () => T): T {
  return withLock(join(paths.locks, 'builds.lock'), waitMs, work);
}

function requireBuild(paths: StatePaths, id: string): Build {
  const found = readBuild(paths, id);
  switch (found.kind) {
    case 'value':
      return found.value;
    case 'missing':
      throw new StopgateError('no-build', `There is no build ${id} in ${paths.builds}.`, {
        hint: 'List them: stopgate status',
      });
    case 'newer':
      throw new StopgateError(
        'newer-schema',
        `Build ${id} has schema ${found.schema}; this stopgate knows ${BUILD_SCHEMA}.`,
        {
          hint: 'Update stopgate.',
        },
      );
    case 'corrupt':
      throw new StopgateError(
        'corrupt',
        `The state file of build ${id} is corrupt: ${found.why}.`,
        {
          hint: `Its bytes are kept in ${found.setAside ?? paths.build(id)}`,
        },
      );
    default:
      return found satisfies never;
  }
}
