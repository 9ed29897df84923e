import { readFileSync } from 'node:fs';
import type { StatePaths } from '../state/paths.ts';

/** The newest record of each build in the current log file, by build id. */
export function lastRecords(paths: StatePaths): Map<string, object> {
  const last = new Map<string, object>();
  for (const record of readRecords(paths.gateLog)) {
    if (typeof record.build === 'string') last.set(record.build, record);
  }
  return last;
}

/** A line that a crash cut short is no record. */
function readRecords(path: string): Record<string, unknown>[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const record = JSON.parse(line);
      return typeof record === 'object' && record !== null ? [record] : [];
    } catch {
      return [];
    }
  });
}
