import type { StatePaths } from '../state/paths.ts';
import { logDecision } from './log.ts';
import { dropRequest, readRequest } from './request.ts';

/** Takes back what a session that is kept from now on has requested; a later release does not bring it back. */
export function takeBack(paths: StatePaths, sessionId: string): void {
  const request = readRequest(paths, sessionId);
  if (request === null) return;
  dropRequest(paths, request);
  logDecision(paths, request, 'dropped', 'the session is kept: stopgate session keep');
}
