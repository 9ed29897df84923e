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
  try {
    appendRecord(paths.shutdownLog, { at, decided, reason, ...who, ...more });
  } catch {
    // A full disk or a read-only home.
  }
}
