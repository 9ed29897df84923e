import { readRecords } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';
import { type Annotation, readAnnotations } from './annotations.ts';

/** One line of the gate's log (docs/gate.md). It was written by any version, so nothing in it is taken for granted. */
export type LogRecord = Record<string, unknown>;

/** A decision, and the last word of a person on it. */
export interface LogEntry {
  record: LogRecord;
  annotation: Annotation | null;
}

export interface LogFilter {
  /** No older than so many milliseconds. */
  since?: number | undefined;
  /** The beginning of the id of a session, of a build. */
  session?: string | undefined;
  build?: string | undefined;
}

/** The decisions that a filter lets through, oldest first. */
export function readLog(paths: StatePaths, filter: LogFilter, now: number): LogEntry[] {
  const annotations = readAnnotations(paths);
  return readRecords(paths.gateLog)
    .filter((record) => fits(record, filter, now))
    .map((record) => ({ record, annotation: annotations.get(String(record.id)) ?? null }));
}

/** The newest record of each build, by build id. */
export function lastRecords(paths: StatePaths): Map<string, LogRecord> {
  const last = new Map<string, LogRecord>();
  for (const record of readRecords(paths.gateLog)) {
    if (typeof record.build === 'string') last.set(record.build, record);
  }
  return last;
}

function fits({ at, session, build }: LogRecord, filter: LogFilter, now: number): boolean {
  const age = now - Date.parse(String(at));
  if (filter.since !== undefined && !(age <= filter.since)) return false;
  return begins(session, filter.session) && begins(build, filter.build);
}

function begins(value: unknown, start: string | undefined): boolean {
  return start === undefined || (typeof value === 'string' && value.startsWith(start));
}
