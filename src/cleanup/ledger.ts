import { appendRecord } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';

/**
 * Runs one act between two lines of `events/cleanup.jsonl`: what is going to be done, and what came of it. A line
 * without its second one was cut off: its outcome is unknown. An act that cannot be written down is not begun.
 */
export async function onLedger<T>(
  paths: StatePaths,
  action: object,
  act: () => Promise<T>,
  say: (result: T) => string,
): Promise<T> {
  const id = Math.random().toString(36).slice(2, 10);
  const line = (more: object) =>
    appendRecord(paths.cleanupLog, { at: new Date().toISOString(), act: id, ...more });
  line({ step: 'begin', action });
  try {
    const result = await act();
    line({ step: 'end', outcome: say(result) });
    return result;
  } catch (error) {
    line({ step: 'end', outcome: 'outcome-unknown', error: String(error) });
    throw error;
  }
}
