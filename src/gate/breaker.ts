import type { GateState } from './mode.ts';

/** So many failures of the authority in a row leave it alone for so long (docs/gate.md). */
const FAILURES = 3;
const OPEN_MS = 5 * 60_000;

export type Breaker = GateState['breaker'];

export function isOpen({ openUntil }: Breaker, now: number): boolean {
  return openUntil !== null && now < Date.parse(openUntil);
}

/** The breaker after one answer of the authority; the same object when nothing changes. */
export function afterAnswer(before: Breaker, failed: boolean, now: number): Breaker {
  if (!failed) return before.failures === 0 ? before : { ...before, failures: 0, openUntil: null };
  const failures = before.failures + 1;
  if (failures < FAILURES) return { ...before, failures, openUntil: null };
  return { ...before, failures: 0, openUntil: new Date(now + OPEN_MS).toISOString() };
}
