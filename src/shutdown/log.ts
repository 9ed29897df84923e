import { appendRecord } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Request } from './request.ts';

/** What was decided about the end of one worker. */
export type Decided =
  | 'requested'
  | 'ignored'
  | 'left'
  | 'waiting'
  | 'deferred'
  | 'dropped'
  | 'ending'
  | 'ended'
  | 'failed';

/** The line for what went wrong before anything but the session was known. */
export function logTrouble(paths: StatePaths, session: string, reason: string): void {
  append(paths, { at: new Date().toISOString(), decided: 'failed', reason, session });
}

type Subject = Pick<Request, 'host' | 'sessionId' | 'role' | 'tool'> & {
  agent?: Request['agent'] | null;
};

/** One line of `events/shutdown.jsonl`. A log that cannot be written changes nothing that was decided. */
export function logDecision(
  paths: StatePaths,
  { host, sessionId, role, tool, agent }: Subject,
  decided: Decided,
  reason: string,
  more: object = {},
): void {
  const at = new Date().toISOString();
  const who = { host, session: sessionId, role, tool, pid: agent?.pid ?? null };
  append(paths, { at, decided, reason, ...who, ...more });
}

function append(paths: StatePaths, record: object): void {
  try {
    appendRecord(paths.shutdownLog, record);
  } catch {
    // A full disk or a read-only home.
  }
}
