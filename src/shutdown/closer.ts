import type { StatePaths } from '../state/paths.ts';
import { sleepSync } from '../state/sleep.ts';
import { decide } from './decide.ts';
import { end } from './end.ts';
import { logDecision } from './log.ts';
import { type Look, lookAt, type Stillness } from './look.ts';
import { dropRequest, type Request, readRequest, updateRequest } from './request.ts';

/** A turn that goes on ends in another stop; a person at the terminal may take longer. */
const TURN_MS = 60_000;
const PERSON_MS = 10 * 60_000;

/** Reasons that pass by themselves within a second or two of every stop. */
const USUAL = new Set(['the turn is not over', 'the screen has not settled']);

/**
 * Waits until the session of an approved stop is idle beyond doubt, and ends it; a look at everything comes right
 * before. Whatever speaks against it leaves the request to the next idle, or takes it away.
 */
export function closeWhenIdle(paths: StatePaths, sessionId: string, stopId: string): void {
  const request = readRequest(paths, sessionId);
  if (request?.stop?.id !== stopId) return;
  const started = Date.now();
  let still: Stillness = { shown: null, since: started };
  let said: string | null = null;
  for (;;) {
    const waited = Date.now() - started;
    const look: Look = lookAt(paths, request, still, Date.now());
    still = look.still;
    const decision = decide(look.facts);
    switch (decision.kind) {
      case 'go':
        return end(paths, request, look.pane);
      case 'drop':
        dropRequest(paths, request);
        return logDecision(paths, request, 'dropped', decision.reason);
      case 'defer':
        return leave(paths, request, decision.reason);
      case 'wait': {
        const { reason } = decision;
        if (waited > (reason === 'the turn is not over' ? TURN_MS : PERSON_MS)) {
          return leave(paths, request, `waited for ${Math.round(waited / 1000)} s: ${reason}`);
        }
        if (reason !== said && !USUAL.has(reason)) logDecision(paths, request, 'waiting', reason);
        if (!USUAL.has(reason)) said = reason;
        break;
      }
      default:
        return decision satisfies never;
    }
    sleepSync(waited < 10_000 ? 200 : 1_000);
  }
}

function leave(paths: StatePaths, request: Request, reason: string): void {
  updateRequest(paths, request.sessionId, (fresh) =>
    fresh.stop?.id === request.stop?.id ? { ...fresh, reason } : fresh,
  );
  logDecision(paths, request, 'deferred', reason);
}
