import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { livenessOf } from '../owner/process.ts';
import type { PaneStamp } from '../owner/stamp.ts';
import { writeQuickly } from '../state/atomic.ts';
import { jsonNames, namesIn, peekState } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';
import { fileName } from './file-name.ts';
import { AS_LAUNCH } from './launch.ts';
import { readSession } from './store.ts';

/**
 * `armed/rest/<session>` is what the launcher looks at when a session stops that nothing else is armed for: one that
 * runs in a tmux session of ours has its stops written down, or nobody could ever prove that it is idle.
 */
export function armRest(paths: StatePaths, sessionId: string, pane: PaneStamp | null): void {
  if (pane === null || !isLaunched(paths, pane)) return;
  disarmDead(paths);
  writeQuickly(join(paths.armedRest, fileName(sessionId)), '');
}

export function disarmRest(paths: StatePaths, sessionId: string): void {
  rmSync(join(paths.armedRest, fileName(sessionId)), { force: true });
}

function isLaunched(paths: StatePaths, pane: PaneStamp): boolean {
  return jsonNames(paths.launches).some((mark) => {
    const found = peekState(paths.launch(mark), AS_LAUNCH);
    if (found.kind !== 'value') return false;
    const { serverPid, serverStart, sessionId, sessionCreated } = found.value.pane;
    return (
      serverPid === pane.serverPid &&
      serverStart === pane.serverStart &&
      sessionId === pane.sessionId &&
      sessionCreated === pane.sessionCreated
    );
  });
}

/** A session that never said that it ended leaves its file behind. */
function disarmDead(paths: StatePaths): void {
  for (const name of namesIn(paths.armedRest)) {
    const agent = readSession(paths, name)?.agent ?? null;
    if (agent !== null && livenessOf(agent) === 'dead') disarmRest(paths, name);
  }
}
