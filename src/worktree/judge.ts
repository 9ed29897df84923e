import type { Reason } from '../cleanup/words.ts';
import type { Presence, WorktreeFacts } from './facts/gather.ts';
import { type Finding, fine, refused, type Step, uncertain } from './steps/finding.ts';
import { historySteps } from './steps/history.ts';
import { presenceSteps } from './steps/presence.ts';

/** Whether a worktree may go: what each step found, up to the first that refuses. */
export interface Judgement {
  refusal: Reason | null;
  trail: Finding[];
}

/** Decides about one worktree by the eleven steps in order; the first refusal stops. Pure. */
export function judge(facts: WorktreeFacts): Judgement {
  return untilRefused(stepsOf(facts));
}

/** Steps 2 to 6 alone: right before the act, and again for what must not have moved meanwhile. */
export function judgePresence(presence: Presence): Judgement {
  return untilRefused(presenceSteps(presence));
}

function* stepsOf(facts: WorktreeFacts): Iterable<Step> {
  yield () => whose(facts);
  yield* presenceSteps(facts);
  yield* historySteps(facts);
}

function untilRefused(steps: Iterable<Step>): Judgement {
  const trail: Finding[] = [];
  for (const step of steps) {
    const finding = step();
    trail.push(finding);
    if (finding.reason !== null) return { refusal: finding.reason, trail };
  }
  return { refusal: null, trail };
}

function whose({ isMain, mark, named, prunable }: WorktreeFacts): Finding {
  if (isMain) return refused(1, 'main-worktree', 'it is the main working tree');
  if (prunable !== null) return fine(1, 'git lists it');
  if (!mark.known) return refused(1, 'foreign', uncertain(mark.why));
  if (mark.value) return fine(1, `made for build ${mark.value.build}`);
  if (named) return fine(1, 'named by the person who asks');
  return refused(1, 'foreign', 'stopgate did not make it, and nobody named it');
}
