import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readProcess } from '../owner/process.ts';
import { writeQuickly } from '../state/atomic.ts';
import { namesIn } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';

/**
 * `armed/hand-off/<pid>` is what the launcher looks at after a tool call: the hooks of that process may have a role to
 * look for. A file that should not be there costs one start of Node.
 */
export function armHandOff(paths: StatePaths, pid: number): void {
  const path = join(paths.armedHandOff, String(pid));
  if (existsSync(path)) return;
  writeQuickly(path, '');
}

/** Takes the files of processes that are gone away. */
export function disarmDead(paths: StatePaths): void {
  for (const name of namesIn(paths.armedHandOff)) {
    if (readProcess(Number(name)) === null) rmSync(join(paths.armedHandOff, name), { force: true });
  }
}
