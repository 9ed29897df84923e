import { type Document, parseDocument } from '../document.ts';
import { refuse } from '../position.ts';
import { applySplice } from '../splice.ts';
import type { Allowed, Refusal } from '../types.ts';
import { findPermissions, rulesOf } from './find.ts';
import { proveOnlyRules } from './proof.ts';
import { addRule, removeRule } from './step.ts';

export type AllowPlan =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'edit';
      readonly text: string;
      /** The rules that were added or removed. */
      readonly rules: readonly string[];
      readonly allowed: Allowed;
    }
  | Refusal;

const NOTHING: Allowed = { rules: [], containers: {} };

/** Plans the edit after which each rule is there, added where it was not; the record says which ones are ours. */
export function planAllow(
  text: string,
  rules: readonly string[],
  recorded: Allowed = NOTHING,
): AllowPlan {
  const before = parseDocument(text);
  if (before.kind === 'refuse') return before;
  let document = before;
  let allowed = recorded;
  const added: string[] = [];
  for (const rule of rules) {
    const found = findPermissions(document);
    if (found.kind === 'refuse') return found;
    if (rulesOf(found.allow).includes(rule)) continue;
    const step = addRule(document, found, rule);
    const next = step && parseDocument(applySplice(document.text, step.splice));
    if (step === null || next === null || next.kind === 'refuse') return unproven(before);
    document = next;
    added.push(rule);
    const ours = [...allowed.rules.filter((known) => known !== rule), rule];
    allowed = { rules: ours, containers: { ...allowed.containers, ...step.containers } };
  }
  if (added.length === 0) return { kind: 'unchanged' };
  if (!proveOnlyRules(before, document, added)) return unproven(before);
  return { kind: 'edit', text: document.text, rules: added, allowed };
}

/** Plans the removal of exactly the rules that the record says we added; one that is gone already stays gone. */
export function planDisallow(text: string, recorded: Allowed): AllowPlan {
  const before = parseDocument(text);
  if (before.kind === 'refuse') return before;
  let document = before;
  const removed: string[] = [];
  for (const rule of recorded.rules.toReversed()) {
    const found = findPermissions(document);
    if (found.kind === 'refuse') return found;
    const splice = removeRule(document, found, rule, recorded.containers);
    if (splice === null) continue;
    const next = parseDocument(applySplice(document.text, splice));
    if (next.kind === 'refuse') return unproven(before);
    document = next;
    removed.push(rule);
  }
  if (removed.length === 0) return { kind: 'unchanged' };
  if (!proveOnlyRules(document, before, removed)) return unproven(before);
  return { kind: 'edit', text: document.text, rules: removed, allowed: NOTHING };
}

function unproven({ text }: Document): Refusal {
  const what = 'an edit that provably changes only permission rules of stopgate could not be found';
  return refuse(text, 0, 'proof-failed', what, 'Change the rules by hand: see docs/install.md.');
}
