import { livenessOf } from '../owner/process.ts';
import type { StatePaths } from '../state/paths.ts';
import { ATTEMPTS, listRequests, type Request } from './request.ts';

/** A worker that handed off and is still there. */
export interface PendingEnd {
  session: string;
  host: Request['host'];
  role: string;
  pid: number | null;
  state: Request['state'];
  attempts: number;
  /** No further idle tries again. */
  givenUp: boolean;
  reason: string | null;
  requestedAt: string;
}

/** The workers that handed off and are still there; those whose process is gone are none. */
export function pendingEnds(paths: StatePaths): PendingEnd[] {
  return listRequests(paths)
    .filter(({ agent }) => livenessOf(agent) !== 'dead')
    .map(({ sessionId, host, role, agent, state, attempts, reason, requestedAt }) => ({
      session: sessionId,
      host,
      role,
      pid: agent?.pid ?? null,
      state,
      attempts,
      givenUp: state === 'left' || attempts >= ATTEMPTS,
      reason,
      requestedAt,
    }));
}
