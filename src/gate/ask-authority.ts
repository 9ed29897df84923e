import { sessionKey } from '../build/keys.ts';
import { openBuilds } from '../build/named.ts';
import { readSession } from '../session/store.ts';
import type { StatePaths } from '../state/paths.ts';
import { judgeByAuthority } from './authority/index.ts';
import { afterAnswer, type Breaker, isOpen } from './breaker.ts';
import { logObstacle } from './log-obstacle.ts';
import { readGate, updateGate } from './mode.ts';
import type { AskAuthority } from './router.ts';

const LOCK_MS = 300;

/**
 * Asks the authority about a stop that no armed build covers, unless its breaker is open, the session paused a build for a
 * person's answer, or its answer could not be written down; keeps the breaker.
 */
export const askAuthority: AskAuthority = async ({ event, paths, project }, config) => {
  const why = logObstacle(paths.gateLog);
  if (why !== null) return { verdict: null, record: { authority: 'unlogged', why } };
  const now = Date.now();
  const before = readGate(paths).breaker;
  if (isOpen(before, now)) return { verdict: null, record: { authority: 'breaker-open' } };
  if (hasPaused(paths, event.sessionId)) return { verdict: null, record: { authority: 'paused' } };
  const sessionStart = readSession(paths, event.sessionId)?.startedAt ?? null;
  const outcome = await judgeByAuthority(config, { event, sessionStart, checkout: project, now });
  const failed = outcome.kind !== 'answer';
  const after = keep(paths, before, failed, now);
  if (failed) {
    const opened = isOpen(after, now) ? { breaker: 'opened' } : {};
    return { verdict: null, record: { authority: outcome.kind, why: outcome.why, ...opened } };
  }
  const { decision, rule, pointers, because, reminder } = outcome;
  const record = { authority: decision, rule, pointers, ...(because === null ? {} : { because }) };
  if (decision !== 'continue') return { verdict: null, record };
  return { verdict: { decision: 'block', cause: 'authority', reason: reminder }, record };
};

/** Counts one answer; nothing is locked or written while all is well. */
function keep(paths: StatePaths, before: Breaker, failed: boolean, now: number): Breaker {
  if (afterAnswer(before, failed, now) === before) return before;
  const gate = updateGate(paths, LOCK_MS, (fresh) => {
    const breaker = afterAnswer(fresh.breaker, failed, now);
    return breaker === fresh.breaker ? fresh : { ...fresh, breaker };
  });
  return gate.breaker;
}

/** A paused build is not armed, so the build gate does not see it. */
function hasPaused(paths: StatePaths, sessionId: string): boolean {
  const isOurs = (owner: { sessionId: string | null } | null) => owner?.sessionId === sessionId;
  const own = openBuilds(paths, [sessionKey(sessionId)]);
  return own.some(({ phase, owner }) => phase === 'paused' && isOurs(owner));
}
