import { NO_ORIGIN, planSettings } from '../plan.ts';
import type { Change, Entry, HostRules, Origin, Plan } from '../types.ts';
import { type AllowPlan, planAllow, planDisallow } from './plan.ts';

/**
 * What is to become of the permission rules: those to add; or `keep`, where ours are brought to these and none are added to
 * a file without ours; or take ours out.
 */
export type AllowWish = readonly string[] | { readonly keep: readonly string[] } | 'remove';

/** One plan for entries and permission rules: rules come after the entries and go before them. */
export function planWithAllow(
  current: string | null,
  entries: readonly Entry[],
  wish: AllowWish,
  rules: HostRules,
  origin: Origin = NO_ORIGIN,
): Plan {
  if (wish === 'remove') return removed(current, entries, rules, origin);
  const first = planSettings(current, entries, rules, origin);
  if (first.kind === 'refuse') return first;
  const base = first.kind === 'edit' ? first : { text: current ?? '', edits: [], origin };
  const added =
    'keep' in wish && !hasOutdated(base, wish.keep)
      ? first
      : joined(base, planAllow(base.text, toAdd(wish), base.origin.allowed), 'add', first);
  return withoutOutdated(added, base, toAdd(wish));
}

function toAdd(wish: Exclude<AllowWish, 'remove'>): readonly string[] {
  return 'keep' in wish ? wish.keep : wish;
}

interface Base {
  readonly text: string;
  readonly edits: readonly Change[];
  readonly origin: Origin;
}

/** The rules that an older stopgate added and this one would not. */
function outdated({ allowed }: Origin, rules: readonly string[]): readonly string[] {
  return (allowed?.rules ?? []).filter((rule) => !rules.includes(rule));
}

/** False where somebody took the outdated rules out: what a person does not want is not replaced. */
function hasOutdated({ text, origin }: Base, rules: readonly string[]): boolean {
  const gone = { rules: outdated(origin, rules), containers: origin.allowed?.containers ?? {} };
  return gone.rules.length > 0 && planDisallow(text, gone).kind === 'edit';
}

/** Takes out what an older stopgate added; the containers stay ours while rules of ours are in them. */
function withoutOutdated(plan: Plan, before: Base, rules: readonly string[]): Plan {
  if (plan.kind === 'refuse') return plan;
  const base = plan.kind === 'edit' ? plan : before;
  const { allowed } = base.origin;
  const gone = outdated(base.origin, rules);
  if (allowed === undefined || gone.length === 0) return plan;
  const step = planDisallow(base.text, { rules: gone, containers: allowed.containers });
  if (step.kind !== 'edit') return plan;
  const left = { ...allowed, rules: allowed.rules.filter((rule) => !gone.includes(rule)) };
  const edits = [...base.edits, ...changes('remove', step.rules)];
  return { kind: 'edit', text: step.text, edits, origin: { ...base.origin, allowed: left } };
}

function removed(
  current: string | null,
  entries: readonly Entry[],
  rules: HostRules,
  origin: Origin,
): Plan {
  const rest = (text: string | null) => planSettings(text, entries, rules, origin);
  if (current === null || origin.allowed === undefined) return rest(current);
  const first = planDisallow(current, origin.allowed);
  // Where nothing of a rule can be found, nothing is to be removed.
  if (first.kind !== 'edit') return rest(current);
  const second = rest(first.text);
  if (second.kind === 'refuse') return second;
  const edits = changes('remove', first.rules);
  if (second.kind === 'edit') return { ...second, edits: [...edits, ...second.edits] };
  return { kind: 'edit', text: first.text, edits, origin: { ...origin, allowed: first.allowed } };
}

function joined(
  base: { text: string; edits: readonly Change[]; origin: Origin },
  plan: AllowPlan,
  op: Change['op'],
  otherwise: Plan,
): Plan {
  if (plan.kind === 'refuse') return plan;
  if (plan.kind === 'unchanged') return otherwise;
  const { text, rules, allowed } = plan;
  const edits = [...base.edits, ...changes(op, rules)];
  return { kind: 'edit', text, edits, origin: { ...base.origin, allowed } };
}

function changes(op: Change['op'], rules: readonly string[]): Change[] {
  return rules.map((rule) => ({ op, event: 'permissions.allow', command: rule }));
}
