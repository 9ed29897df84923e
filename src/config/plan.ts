import { type Document, parseDocument } from './document.ts';
import { ownHandlers } from './ours.ts';
import { refuse } from './position.ts';
import { proveOnlyOurs } from './proof.ts';
import { checkShape } from './shape.ts';
import { applySplice } from './splice.ts';
import { nextStep, type Step } from './step.ts';
import { detectStyle } from './style.ts';
import type { Change, Entry, HostRules, Origin, Plan, Refusal } from './types.ts';

/**
 * Plans the edit after which a settings file holds exactly `entries` of ours and everything else byte for byte as it
 * was; with no entries, the removal of ours. `origin` is what earlier edits of this file recorded; what it says of
 * entries counts only while one of ours is still in the file.
 */
export function planSettings(
  current: string | null,
  entries: readonly Entry[],
  rules: HostRules,
  origin: Origin = NO_ORIGIN,
): Plan {
  const before = parseDocument(current ?? '');
  if (before.kind === 'refuse') return before;
  const refusal = checkShape(before, entries, rules);
  if (refusal !== null) return refusal;
  if (before.root === null && entries.length === 0) return { kind: 'unchanged' };
  const start = before.root === null ? started(before.text) : before;
  const recorded =
    ownHandlers(before.root).length > 0 ? origin : freshOrigin(before, current, origin);
  return converge(before, start, entries, recorded);
}

export const NO_ORIGIN: Origin = { containers: {} };

function freshOrigin({ root }: Document, current: string | null, { allowed }: Origin): Origin {
  const blank = root === null && current !== null ? { blank: current } : {};
  return { ...NO_ORIGIN, ...blank, ...(allowed === undefined ? {} : { allowed }) };
}

function converge(
  before: Document,
  start: Document,
  entries: readonly Entry[],
  recorded: Origin,
): Plan {
  let document = start;
  let origin = recorded;
  const steps: Step[] = [];
  const most = 8 * (ownHandlers(before.root).length + entries.length);
  for (let step = nextStep(document, entries, origin); step; ) {
    const next = parseDocument(applySplice(document.text, step.splice));
    if (next.kind === 'refuse' || steps.length > most) return unproven(before);
    steps.push(step);
    origin = { ...origin, containers: { ...origin.containers, ...step.containers } };
    document = next;
    step = nextStep(document, entries, origin);
  }
  if (steps.length === 0) return { kind: 'unchanged' };
  if (!proveOnlyOurs(before, document, entries)) return unproven(before);
  return { kind: 'edit', text: finish(document, origin), edits: changesOf(steps), origin };
}

/** A file without a value gets the empty object that the first step fills. */
function started(text: string): Document {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const fresh = parseDocument(`${mark}{}${detectStyle(text, null).eol}`);
  if (fresh.kind === 'refuse') throw new TypeError('an empty object is valid JSON');
  return fresh;
}

function finish({ text, root }: Document, { blank }: Origin): string {
  const isStart = root !== null && text === started(blank ?? '').text;
  return blank !== undefined && isStart ? blank : text;
}

function changesOf(steps: readonly Step[]): Change[] {
  const seen = new Map(steps.map(({ change }) => [`${change.op} ${change.event}`, change]));
  return [...seen.values()];
}

function unproven(before: Document): Refusal {
  const what = 'an edit that provably changes only entries of stopgate could not be found';
  return refuse(
    before.text,
    0,
    'proof-failed',
    what,
    'Add the entry by hand: see docs/install.md.',
  );
}
