import type { Outcome } from '../../cleanup/words.ts';
import { StopgateError } from '../../errors.ts';
import type { StatePaths } from '../../state/paths.ts';
import { act } from './act.ts';
import { looksAgain } from './fresh.ts';
import { type Item, itemsOf } from './items.ts';
import { isSeenTwice } from './judge.ts';
import { writeObservations } from './observations.ts';
import { type Action, actionFor, isCandidate, keyOfAction, keyOfItem } from './plan.ts';
import type { Plan } from './plan-file.ts';
import type { World } from './world.ts';

/** One item, and what was done about it. */
export interface Done {
  item: Item;
  outcome: Outcome;
}

export interface PruneOptions {
  olderThanMs: number | null;
  force: boolean;
  /** Only these items; all when left out. */
  only?: ReadonlySet<string>;
}

/** What would be done about every item. Pure. */
export function foresee(items: readonly Item[], only?: ReadonlySet<string>): Done[] {
  return items.map((item) => ({ item, outcome: outcomeOf(item, only) }));
}

/** Does what {@link foresee} says, one act after the other; without `force` it only says so and writes nothing. */
export async function prune(
  paths: StatePaths,
  world: World,
  { olderThanMs, force, only }: PruneOptions,
): Promise<Done[]> {
  const items = itemsOf(world, { at: world.at, olderThanMs });
  const foreseen = foresee(items, only);
  if (!force) return foreseen;
  writeObservations(paths, seenNow(items), world.observed, world.at);
  const look = looksAgain(paths, world, olderThanMs);
  const done: Done[] = [];
  for (const { item, outcome } of foreseen) {
    const action = actionFor(item);
    const isDue = outcome.verdict === 'would_delete' && action !== null;
    done.push({
      item,
      outcome: isDue ? await actOrSay(paths, action, look) : outcome,
    });
  }
  return done;
}

/** What another process holds just now is refused, and the rest goes on. */
async function actOrSay(...args: Parameters<typeof act>): Promise<Outcome> {
  try {
    return await act(...args);
  } catch (error) {
    if (error instanceof StopgateError && error.code === 'locked')
      return { verdict: 'refused', reason: 'locked' };
    throw error;
  }
}

/**
 * The items of a saved plan, when every one of its actions would still be planned the same way. The plan itself is the
 * first of the two looks that ending a session needs.
 * @throws StopgateError `plan-stale`.
 */
export function itemsOfPlan(plan: Plan, world: World): { only: Set<string>; world: World } {
  const keys = plan.actions.map(keyOfAction);
  const seen = new Map([...keys.map((key) => [key, plan.at] as const), ...world.observed]);
  const later = { ...world, observed: seen };
  const now = itemsOf(later, { at: world.at, olderThanMs: plan.olderThanMs }).map(actionFor);
  const same = new Set(now.map((action) => JSON.stringify(action)));
  const moved = plan.actions.find((action) => !same.has(JSON.stringify(action)));
  if (moved) throw planStale(moved);
  return { only: new Set(keys), world: later };
}

/** What a plan holds: the candidates, and what only has to be seen once more. */
export function planned(items: readonly Item[]): Action[] {
  return items.flatMap((item) => {
    const isDue = isCandidate(item) || item.judgement.keptBy === 'grace';
    return (isDue && actionFor(item)) || [];
  });
}

function outcomeOf(item: Item, only: ReadonlySet<string> | undefined): Outcome {
  const { class: kind, keptBy } = item.judgement;
  if (isCandidate(item)) {
    const isChosen = only === undefined || only.has(keyOfItem(item) ?? '');
    return isChosen ? { verdict: 'would_delete' } : { verdict: 'kept', reason: null };
  }
  if (kind === 'indeterminate')
    return { verdict: 'refused', reason: keptBy ?? 'liveness-uncertain' };
  return { verdict: 'kept', reason: keptBy };
}

function seenNow(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    const isSeen =
      isSeenTwice(item.judgement.class) && item.judgement.keptBy !== 'newer-than-threshold';
    return (isSeen && keyOfItem(item)) || [];
  });
}

function planStale(action: Action): StopgateError {
  return new StopgateError(
    'plan-stale',
    `The plan is stale: ${action.do} of ${keyOfAction(action)} would not be planned like that now.`,
    {
      hint: 'Nothing was done. Write it anew with: stopgate session report --older-than D --plan FILE',
    },
  );
}
