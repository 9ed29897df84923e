import type { PaneLook } from '../idle/pane.ts';
import { QUIT, typeAndSubmit } from '../idle/type.ts';
import { livenessOf } from '../owner/process.ts';
import { type Signalled, signalExactly } from '../owner/signal.ts';
import type { SessionRecord } from '../session/schema.ts';
import { readSession, updateSession } from '../session/store.ts';
import type { StatePaths } from '../state/paths.ts';
import { elapsedMs, sleepSync } from '../state/sleep.ts';
import { exitReasonOf } from './exit-reason.ts';
import { logDecision } from './log.ts';
import { dropRequest, type Request, updateRequest, writeRequest } from './request.ts';

/**
 * A clean end takes a tenth of a second. A host that has said SessionEnd is leaving, and waits for hooks of a person's
 * that may take a minute (docs/hosts.md, Registration).
 */
const WAITS = { endMs: 10_000, leavingMs: 60_000 };
const KILLED_MS = 2_000;

/** Ends the host of a request cleanly, waits with a bound, and confirms that the process is gone. */
export function end(
  paths: StatePaths,
  request: Request,
  pane: PaneLook | null,
  { endMs, leavingMs } = WAITS,
): void {
  const started = Date.now();
  const told = request.host === 'claude' ? signal(request, 'SIGTERM') : quit(request, pane);
  if (told.kind === 'failed') return fail(paths, request, told.why);
  if (told.kind === 'gone') {
    dropRequest(paths, request);
    return logDecision(paths, request, 'dropped', 'the process is gone');
  }
  const toldAt = told.kind === 'sent' ? new Date(started).toISOString() : null;
  if (toldAt !== null) markTold(paths, request, toldAt);
  let waitedMs = endMs;
  let isGone = goneWithin(request, endMs);
  if (!isGone && saidEnd(paths, request)) {
    waitedMs += leavingMs;
    isGone = goneWithin(request, leavingMs);
  }
  if (!isGone && !(request.kill && killed(paths, request))) {
    const why = `still there ${waitedMs / 1000} s after it was told to end`;
    return fail(paths, request, told.kind === 'unknown' ? told.why : why);
  }
  const sessionEnd = saidEnd(paths, request);
  confirm(paths, { ...request, state: 'ending', toldAt });
  const ms = Date.now() - started;
  const why = told.kind === 'unknown' ? told.why : 'handed off and idle';
  logDecision(paths, request, 'ended', why, { ms, sessionEnd });
}

/** What came of telling a host to end. `unknown`: it may have been told, or may still be. */
type Told = Signalled | { kind: 'unknown'; why: string };

function quit({ pane }: Request, look: PaneLook | null): Told {
  if (pane === null || look === null) return { kind: 'failed', why: 'its pane is not known' };
  const typed = typeAndSubmit(pane, look.panePid, QUIT);
  switch (typed) {
    case 'sent':
      return { kind: 'sent' };
    case 'other':
      return { kind: 'failed', why: 'the pane is another one now' };
    case 'gone':
      return { kind: 'failed', why: 'its tmux server is gone' };
    case 'unknown':
      return { kind: 'unknown', why: `tmux did not say in time whether it typed ${QUIT}` };
    default:
      return typed satisfies never;
  }
}

function signal({ agent }: Request, name: NodeJS.Signals): Signalled {
  if (agent === null) return { kind: 'failed', why: 'its process is not known' };
  return signalExactly(agent, name);
}

/** So that a SessionEnd, which this process may not live to see, knows whose end it is. */
function markTold(paths: StatePaths, request: Request, toldAt: string): void {
  try {
    updateRequest(paths, request.sessionId, (fresh) => ({ ...fresh, toldAt }));
  } catch {
    // It was told, whether or not that can be written down.
  }
}

function killed(paths: StatePaths, request: Request): boolean {
  logDecision(paths, request, 'ending', 'SIGKILL, as the rule says');
  return signal(request, 'SIGKILL').kind !== 'failed' && goneWithin(request, KILLED_MS);
}

function goneWithin({ agent }: Request, ms: number): boolean {
  for (const deadline = elapsedMs() + ms; livenessOf(agent) !== 'dead'; sleepSync(50)) {
    if (elapsedMs() > deadline) return false;
  }
  return true;
}

function saidEnd(paths: StatePaths, { sessionId }: Request): boolean {
  return readSession(paths, sessionId)?.lastEvent === 'SessionEnd';
}

/** Codex sends no SessionEnd when it is killed, and a host may have no time for it. */
function confirm(paths: StatePaths, request: Request): void {
  const at = new Date().toISOString();
  const before = readSession(paths, request.sessionId);
  if (before !== null) {
    const stopped = (record: SessionRecord): SessionRecord => ({
      ...record,
      status: 'stopped',
      endedAt: record.endedAt ?? at,
      exitReason: exitReasonOf(request, record.endReason),
    });
    updateSession(paths, request.sessionId, 1_000, (fresh) => stopped(fresh ?? before));
  }
  dropRequest(paths, request);
}

/** SessionEnd took the request along; while the process is there nonetheless, it is to be reported. */
function fail(paths: StatePaths, request: Request, reason: string): void {
  const failed = (fresh: Request): Request => ({
    ...fresh,
    state: 'failed',
    attempts: fresh.attempts + 1,
    reason,
  });
  const after = updateRequest(paths, request.sessionId, failed);
  if (after === null && saidEnd(paths, request)) writeRequest(paths, failed(request));
  logDecision(paths, request, 'failed', reason, { attempts: after?.attempts ?? null });
}
