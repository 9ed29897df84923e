import { readRecords } from '../../state/log.ts';
import type { StatePaths } from '../../state/paths.ts';
import { turnOf } from '../turn.ts';
import type { LastStop } from './world.ts';

/** The hooks that judge stops; the log holds records of others too. */
const STOP_ENTRIES = new Set<unknown>(['stop-gate-router', 'build-stop']);

/** What the gate's log, its older files included, or the launcher last said of each session's stop. */
export function lastStops(
  paths: StatePaths,
  sessions: readonly { sessionId: string }[],
): Map<string, LastStop> {
  const last = fromLog(paths);
  for (const { sessionId } of sessions) {
    const { stop } = turnOf(paths, sessionId);
    if (stop === null) continue;
    const at = new Date(stop.at).toISOString();
    if ((last.get(sessionId)?.at ?? '') > at) continue;
    last.set(sessionId, { at, verdict: 'approve', cause: stop.cause, background: null });
  }
  return last;
}

function fromLog(paths: StatePaths): Map<string, LastStop> {
  const last = new Map<string, LastStop>();
  for (const record of readRecords(paths.gateLog)) {
    const { entry, session, at, verdict, cause, background } = record;
    if (!STOP_ENTRIES.has(entry) || typeof session !== 'string' || typeof at !== 'string') continue;
    if ((last.get(session)?.at ?? '') > at) continue;
    last.set(session, {
      at,
      verdict: String(verdict),
      cause: String(cause),
      background: typeof background === 'number' ? background : 0,
    });
  }
  return last;
}
