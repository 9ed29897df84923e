import { messageOf } from '../errors.ts';
import { NOT_STILL, TURN_OPEN } from '../idle/obstacle.ts';
import type { StatePaths } from '../state/paths.ts';
import { sleepSync } from '../state/sleep.ts';
import { decide } from './decide.ts';
import { end } from './end.ts';
import { logDecision, logTrouble } from './log.ts';
import { type Look, lookAt, type Stillness } from './look.ts';
import { dropRequest, type Request, requestOf, updateRequest } from './request.ts';

/** A turn that goes on ends in another stop; a person at the terminal may take longer. */
const TURN_MS = 60_000;
const PERSON_MS = 10 * 60_000;

const USUAL = new Set([TURN_OPEN, NOT_STILL]);

/**
 * Waits until the session of an approved stop is idle beyond doubt, and ends it; a look at everything comes right
 * before. Whatever speaks against it leaves the request to the next idle, or takes it away.
 */
export function closeWhenIdle(paths: StatePaths, sessionId: string, stopId: string): void {
  let request: Request | null = null;
  try {
    request = requestOf(paths, sessionId);
    if (request?.stop?.id === stopId) waitAndEnd(paths, request);
  } catch (error) {
    const why = messageOf(error);
    if (request === null) logTrouble(paths, sessionId, why);
    else logDecision(paths, request, 'failed', why);
  }
}

function waitAndEnd(paths: StatePaths, request: Request): void {
  const started = Date.now();
  let still: Stillness = { shown: null, since: started };
  let said: string | null = null;
  let announced = false;
  for (;;) {
    const waited = Date.now() - started;
    const look: Look = lookAt(paths, request, still, Date.now());
    still = look.still;
    const decision = decide(look.facts);
    switch (decision.kind) {
      case 'go':
        if (announced) return end(paths, request, look.pane);
        announce(paths, request);
        announced = true;
        continue;
      case 'drop':
        dropRequest(paths, request);
        return logDecision(paths, request, 'dropped', decision.reason);
      case 'defer':
        return leave(paths, request, decision.reason);
      case 'wait': {
        const { reason } = decision;
        if (announced) setState(paths, request, { state: request.state });
        announced = false;
        if (waited > (reason === TURN_OPEN ? TURN_MS : PERSON_MS)) {
          return leave(paths, request, `waited for ${Math.round(waited / 1000)} s: ${reason}`);
        }
        if (USUAL.has(reason)) break;
        if (reason !== said) logDecision(paths, request, 'waiting', reason);
        said = reason;
        break;
      }
      default:
        return decision satisfies never;
    }
    sleepSync(waited < 10_000 ? 200 : 1_000);
  }
}

/** Written before the act, so that a SessionEnd tells whose end it is, and a closer after this one what was begun. */
function announce(paths: StatePaths, request: Request): void {
  setState(paths, request, { state: 'ending', toldAt: null });
  logDecision(paths, request, 'ending', 'idle');
}

function leave(paths: StatePaths, request: Request, reason: string): void {
  setState(paths, request, { state: request.state, reason });
  logDecision(paths, request, 'deferred', reason);
}

/** A request that a later stop or hand-off took over is no longer this closer's. */
function setState(paths: StatePaths, request: Request, change: Partial<Request>): void {
  updateRequest(paths, request.sessionId, (fresh) =>
    fresh.stop?.id === request.stop?.id ? { ...fresh, ...change } : fresh,
  );
}
