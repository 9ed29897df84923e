import { existsSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import type { HookEvent } from '../hosts/host.ts';
import { fileName } from '../session/file-name.ts';
import { appendRecord } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Verdict } from '../verdict.ts';

/** A stop that was judged, with what its record says a gate in shadow would have done. */
export interface Judged {
  verdict: Verdict;
  record: object;
}

/** After the verdict on a stop: a worker that was asked to end gets its closer. Nothing here can change the verdict. */
export async function endIfRequested(
  event: HookEvent,
  paths: StatePaths,
  judged: Judged,
): Promise<void> {
  if (!existsSync(paths.request(fileName(event.sessionId)))) return;
  try {
    const { startCloser } = await import('./start-closer.ts');
    startCloser(event, paths, judged);
  } catch (error) {
    logFailure(event, paths, messageOf(error));
  }
}

function logFailure({ sessionId }: HookEvent, paths: StatePaths, reason: string): void {
  const record = { at: new Date().toISOString(), session: sessionId, decided: 'failed', reason };
  try {
    appendRecord(paths.shutdownLog, record);
  } catch {
    // A full disk or a read-only home: a block that was decided must still be said.
  }
}
