import { livenessOf } from '../owner/process.ts';
import type { SessionRecord } from '../session/schema.ts';
import { readSession, updateSession } from '../session/store.ts';
import type { StatePaths } from '../state/paths.ts';
import { sleepSync } from '../state/sleep.ts';
import { QUIT } from './decide.ts';
import { exitReasonOf } from './exit-reason.ts';
import { logDecision } from './log.ts';
import { type PaneLook, typeAndSubmit } from './pane.ts';
import { dropRequest, type Request, updateRequest } from './request.ts';

/** A clean end takes a tenth of a second; a host that runs long SessionEnd hooks takes theirs. */
const END_MS = 10_000;
const KILLED_MS = 2_000;

/** Ends the host of a request cleanly, waits with a bound, and confirms that the process is gone. */
export function end(paths: StatePaths, request: Request, pane: PaneLook | null): void {
  const started = Date.now();
  const failure = request.host === 'claude' ? signal(request, 'SIGTERM') : quit(request, pane);
  if (failure !== null) return fail(paths, request, failure);
  const isGone = goneWithin(request, END_MS) || (request.kill && killed(paths, request));
  if (!isGone)
    return fail(paths, request, `still there ${END_MS / 1000} s after it was told to end`);
  const sessionEnd = readSession(paths, request.sessionId)?.lastEvent === 'SessionEnd';
  confirm(paths, request);
  const ms = Date.now() - started;
  logDecision(paths, request, 'ended', 'handed off and idle', { ms, sessionEnd });
}

function quit({ pane }: Request, look: PaneLook | null): string | null {
  if (pane === null || look === null) return 'its pane is not known';
  return typeAndSubmit(pane, look.panePid, QUIT) ? null : 'the pane is another one now';
}

/** To exactly the process that was proven: pid and start time, looked at right before. */
function signal(request: Request, name: NodeJS.Signals): string | null {
  if (request.agent === null || livenessOf(request.agent) === 'unknown')
    return 'its process is not known';
  if (livenessOf(request.agent) === 'dead') return null;
  try {
    process.kill(request.agent.pid, name);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ESRCH' ? null : `${name} could not be sent: ${code}`;
  }
}

function killed(paths: StatePaths, request: Request): boolean {
  logDecision(paths, request, 'ending', 'SIGKILL, as the rule says');
  return signal(request, 'SIGKILL') === null && goneWithin(request, KILLED_MS);
}

function goneWithin({ agent }: Request, ms: number): boolean {
  for (const deadline = Date.now() + ms; livenessOf(agent) !== 'dead'; sleepSync(50)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}

/** Codex sends no SessionEnd when it is killed, and a host may have no time for it. */
function confirm(paths: StatePaths, request: Request): void {
  const at = new Date().toISOString();
  const exitReason = exitReasonOf(request);
  const before = readSession(paths, request.sessionId);
  if (before !== null) {
    const stopped = (record: SessionRecord): SessionRecord => ({
      ...record,
      status: 'stopped',
      endedAt: record.endedAt ?? at,
      exitReason,
    });
    updateSession(paths, request.sessionId, 1_000, (fresh) => stopped(fresh ?? before));
  }
  dropRequest(paths, request);
}

function fail(paths: StatePaths, request: Request, reason: string): void {
  const after = updateRequest(paths, request.sessionId, (fresh) => ({
    ...fresh,
    state: 'failed',
    attempts: fresh.attempts + 1,
    reason,
  }));
  logDecision(paths, request, 'failed', reason, { attempts: after?.attempts ?? null });
}
