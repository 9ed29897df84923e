import { readRecords } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';

/** One line of the gate's log (docs/gate.md). It was written by any version, so nothing in it is taken for granted. */
export type LogRecord = Record<string, unknown>;

/** The newest record of each build, by build id. */
export function lastRecords(paths: StatePaths): Map<string, LogRecord> {
  const last = new Map<string, LogRecord>();
  for (const record of readRecords(paths.gateLog)) {
    if (typeof record.build === 'string') last.set(record.build, record);
  }
  return last;
}
