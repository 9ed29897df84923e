import { checkFailed } from '../build/change.ts';
import { firstFailing } from '../build/checks.ts';
import { blockReason } from '../build/reason.ts';
import { updateBuild } from '../build/store.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Judgement } from './stop.ts';

/** All checks together, at a stop: the hook's own timeout is 10 s (src/hosts/claude/entries.ts). */
const CHECKS_MS = 7_000;

/**
 * A block of an owner, with the first failing check of its build in the reason. A check that cannot start, or does not
 * end in time, is a failing one and never a pass.
 */
export async function withChecks(
  judgement: Judgement,
  paths: StatePaths,
  write: boolean,
): Promise<Judgement> {
  const { candidate } = judgement.decision;
  const build = candidate?.build;
  if (!build || build.checks.length === 0) return judgement;
  const failed = await firstFailing(build.checks, build.checkouts[0] ?? '/', () => {}, {
    eachMs: CHECKS_MS,
    allMs: CHECKS_MS,
  });
  const at = new Date().toISOString();
  const edit = (fresh: typeof build) =>
    failed ? checkFailed(fresh, failed, at) : { ...fresh, failedCheck: null };
  const after = write ? updateBuild(paths, build.id, 300, edit) : edit(build);
  const inherited = candidate.match.answer === 'owner' && candidate.match.inherited;
  const cause = failed ? 'check-failed' : 'unfinished';
  const verdict = {
    decision: 'block' as const,
    cause: cause as typeof cause,
    reason: blockReason(after, inherited),
  };
  return {
    ...judgement,
    decision: { ...judgement.decision, verdict, candidate: { ...candidate, build: after } },
  };
}
