import type { Moment } from '../owner/moment.ts';
import { progressed } from './change.ts';
import type { Build } from './schema.ts';

/** Blocks in a row without progress; one under the cap of Claude Code, and the only cap on Codex. */
export const MAX_STREAK = 7;

export type Spending =
  | { kind: 'spend'; build: Build }
  | { kind: 'spent'; bound: 'limit' | 'streak'; build: Build; tell: boolean };

/**
 * Takes one block from the budget. A spent one comes back marked as told, so that a person hears of it once.
 * `head` is the checkout's commit now, `null` when it cannot be told: a new commit is progress. `at` and `moment` are now.
 */
export function spend(before: Build, head: string | null, at: string, moment: Moment): Spending {
  const build = noticeCommit(before, head, at);
  const { budget } = build;
  const bound =
    budget.spent >= budget.limit ? 'limit' : budget.streak >= MAX_STREAK ? 'streak' : null;
  if (bound !== null) {
    const cappedAt = budget.cappedAt ?? moment;
    const told = { ...build, budget: { ...budget, toldAt: budget.toldAt ?? at, cappedAt } };
    return { kind: 'spent', bound, build: told, tell: budget.toldAt === null };
  }
  const { cappedAt: _, ...open } = budget;
  const spent = { ...open, spent: open.spent + 1, streak: open.streak + 1, toldAt: null };
  return { kind: 'spend', build: { ...build, budget: spent, updatedAt: at } };
}

function noticeCommit(build: Build, head: string | null, at: string): Build {
  if (head === null || head === build.head) return build;
  return progressed({ ...build, head }, { at, what: 'commit', note: head });
}
