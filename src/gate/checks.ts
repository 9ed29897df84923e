import { firstFailing } from '../build/checks.ts';
import type { Build, FailedCheck } from '../build/schema.ts';

/** All checks together, at a stop: the hook's own timeout is 10 s (src/hosts/claude/entries.ts). */
const CHECKS_MS = 7_000;

/**
 * The first failing check of a build whose owner stops, or `null`. A check that cannot start, or does not end in time,
 * is a failing one and never a pass.
 */
export function checksAtStop({ checks, checkouts }: Build): Promise<FailedCheck | null> {
  const bounds = { eachMs: CHECKS_MS, allMs: CHECKS_MS };
  return firstFailing(checks, checkouts[0] ?? '/', () => {}, bounds);
}
