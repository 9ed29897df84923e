import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { appendRecord } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';

/** What became of an act; `outcome-unknown`: it was given up, and may still have happened. */
export type ActResult = 'done' | 'failed' | 'outcome-unknown';

/**
 * Writes a line of `events/cleanup.jsonl` before an act, and returns what writes the one after it: an act that was cut
 * off has no second line. Without the first one nothing may be done.
 */
export function enterAct(
  paths: StatePaths,
  action: { act: string; [detail: string]: string | null },
): (outcome: ActResult, why?: string) => void {
  const act = randomBytes(6).toString('hex');
  const path = join(paths.events, 'cleanup.jsonl');
  const line = (entry: object) => {
    appendRecord(path, { at: new Date().toISOString(), act, ...entry });
  };
  line({ step: 'begin', action });
  return (outcome, why) => line({ step: 'end', outcome, ...(why === undefined ? {} : { why }) });
}
