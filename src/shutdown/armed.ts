import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownNamespace } from '../owner/namespace.ts';
import { readProcess } from '../owner/process.ts';
import { writeQuickly } from '../state/atomic.ts';
import { namesIn } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';
import { readIfThere } from '../state/read-file.ts';

/**
 * `armed/hand-off/<pid>` is what the launcher looks at after a tool call: the hooks of that process may have a role to
 * look for. It holds the PID namespace that the pid counts in. A file that should not be there costs one start of Node.
 */
export function armHandOff(paths: StatePaths, pid: number): void {
  const path = join(paths.armedHandOff, String(pid));
  if (existsSync(path)) return;
  writeQuickly(path, ownNamespace() ?? '');
}

/** Takes the files of processes that are gone away; nothing tells that of a process of another namespace. */
export function disarmDead(paths: StatePaths): void {
  for (const name of namesIn(paths.armedHandOff)) {
    const path = join(paths.armedHandOff, name);
    const isOurs = readIfThere(path) === (ownNamespace() ?? '');
    if (isOurs && readProcess(Number(name)) === null) rmSync(path, { force: true });
  }
}
