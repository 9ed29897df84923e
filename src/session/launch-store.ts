import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../state/atomic.ts';
import { assertHeld } from '../state/held.ts';
import { peekState, serializeState } from '../state/json-file.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';
import { AS_LAUNCH, type Launch } from './launch.ts';

export function createLaunch(paths: StatePaths, launch: Launch): void {
  writeAtomic(paths.launch(launch.mark), serializeState(launch));
}

/** Changes one launch while no other process can; `null` removes it. False when it cannot be read. */
export function updateLaunch(
  paths: StatePaths,
  mark: string,
  waitMs: number,
  edit: (before: Launch) => Launch | null,
): boolean {
  return withLock(join(paths.locks, `launch-${mark}.lock`), waitMs, () => {
    const found = peekState(paths.launch(mark), AS_LAUNCH);
    if (found.kind !== 'value') return false;
    const after = edit(found.value);
    assertHeld();
    if (after === null) rmSync(paths.launch(mark), { force: true });
    else writeAtomic(paths.launch(mark), serializeState(after));
    return true;
  });
}
