import { randomBytes } from 'node:crypto';
import { appendRecord } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';

/**
 * Writes a line of `events/cleanup.jsonl` that says what is going to be done, and returns what writes the line that says
 * what came of it. A line without its second one was cut off: its outcome is unknown. An act that cannot be written
 * down is not begun.
 */
export function enterAct(
  paths: StatePaths,
  action: object,
): (outcome: string, more?: object) => void {
  const act = randomBytes(6).toString('hex');
  const line = (entry: object) =>
    appendRecord(paths.cleanupLog, { at: new Date().toISOString(), act, ...entry });
  line({ step: 'begin', action });
  return (outcome, more) => line({ step: 'end', outcome, ...more });
}

/** Runs one act between the two lines of {@link enterAct}. */
export async function onLedger<T>(
  paths: StatePaths,
  action: object,
  act: () => Promise<T>,
  say: (result: T) => string,
): Promise<T> {
  const close = enterAct(paths, action);
  try {
    const result = await act();
    close(say(result));
    return result;
  } catch (error) {
    close('outcome-unknown', { error: String(error) });
    throw error;
  }
}
