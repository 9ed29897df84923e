import { existsSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import type { HookEvent } from '../hosts/host.ts';
import { fileName } from '../session/file-name.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Verdict } from '../verdict.ts';
import { logTrouble } from './log.ts';

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
    logTrouble(paths, event.sessionId, messageOf(error));
  }
}
