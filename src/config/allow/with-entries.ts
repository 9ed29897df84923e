import { NO_ORIGIN, planSettings } from '../plan.ts';
import type { Change, Entry, HostRules, Origin, Plan } from '../types.ts';
import { type AllowPlan, planAllow, planDisallow } from './plan.ts';

/** What is to become of the permission rules: those to add, or `keep` what is there, or take ours out. */
export type AllowWish = readonly string[] | 'keep' | 'remove';

/** One plan for entries and permission rules: rules come after the entries and go before them. */
export function planWithAllow(
  current: string | null,
  entries: readonly Entry[],
  wish: AllowWish,
  rules: HostRules,
  origin: Origin = NO_ORIGIN,
): Plan {
  if (wish === 'keep') return planSettings(current, entries, rules, origin);
  if (wish === 'remove') return removed(current, entries, rules, origin);
  const first = planSettings(current, entries, rules, origin);
  if (first.kind === 'refuse') return first;
  const base = first.kind === 'edit' ? first : { text: current ?? '', edits: [], origin };
  return joined(base, planAllow(base.text, wish, base.origin.allowed), 'add', first);
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
