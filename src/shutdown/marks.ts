import { messageOf } from '../errors.ts';
import type { HookEvent } from '../hosts/host.ts';
import { daemonOf } from '../owner/agent.ts';
import type { Identity } from '../owner/identity.ts';
import { ancestors } from '../owner/process.ts';
import type { SessionRecord } from '../session/schema.ts';
import type { StatePaths } from '../state/paths.ts';
import { armHandOff } from './armed.ts';
import { exitReasonOf } from './exit-reason.ts';
import { logDecision, logTrouble } from './log.ts';
import { dropRequest, requestOf } from './request.ts';
import { boundNames } from './role.ts';
import { roleFor } from './role-above.ts';

type Marks = Pick<SessionRecord, 'role' | 'exitReason'>;

/**
 * What an event adds to a session's record: the role of the process that it happens in, and why stopgate ended it. A
 * session that ends takes its request along, whoever ended it. Whatever fails here, the record is written.
 */
export function shutdownMarks(event: HookEvent, me: Identity, paths: StatePaths): Marks {
  try {
    return marksOf(event, me, paths);
  } catch (error) {
    logTrouble(paths, event.sessionId, messageOf(error));
    return {};
  }
}

function marksOf(event: HookEvent, me: Identity, paths: StatePaths): Marks {
  if (event.name === 'SessionEnd') return atEnd(event, paths);
  const role = roleHere(me, paths);
  if (event.name === 'SessionStart') return { role, exitReason: null };
  return role === null ? {} : { role };
}

/** Arms the launcher for this host on the way: its tools may hand off from now on. */
function roleHere({ agent }: Identity, paths: StatePaths): string | null {
  if (boundNames(paths).length === 0) return null;
  if (agent === null) {
    const daemon = daemonOf(ancestors(process.pid));
    if (daemon !== null) armHandOff(paths, daemon.pid);
    return null;
  }
  const role = roleFor(paths, agent);
  if (role !== null) armHandOff(paths, agent.pid);
  return role?.role ?? null;
}

function atEnd({ sessionId, reason }: HookEvent, paths: StatePaths): Marks {
  const request = requestOf(paths, sessionId);
  if (request === null) return {};
  dropRequest(paths, request);
  const exitReason = exitReasonOf(request, reason);
  if (exitReason !== null) return { exitReason };
  logDecision(paths, request, 'dropped', `the session ended: ${reason ?? 'no reason was given'}`);
  return {};
}
