import { type Outcome, summarize, verdictLines } from '../cleanup/words.ts';
import { StopgateError } from '../errors.ts';
import { print, printJson } from './print.ts';

/** How the items of a cleanup are told: to a person by `text`, to a program by `json`. */
export interface Telling<T> {
  text: (item: T) => string;
  json: (item: T) => object;
  /** What stands beside the items in the JSON. */
  about: object;
  /** Where to look when something was refused. */
  hint: string;
}

/** Prints what became of each item, in lines or as JSON. @throws StopgateError `refused` when anything was. */
export function showOutcomes<T extends { outcome: Outcome }>(
  items: readonly T[],
  asJson: boolean,
  { text, json, about, hint }: Telling<T>,
): void {
  const summary = summarize(items.map(({ outcome }) => outcome));
  const rows = () => items.map((item) => ({ ...json(item), ...verdictOf(item.outcome) }));
  if (asJson) printJson({ schema: 1, ...about, items: rows(), summary });
  else print(...verdictLines(items.map((item) => ({ outcome: item.outcome, text: text(item) }))));
  if (summary.refused === 0) return;
  const what = `${summary.refused} of ${items.length} could not be judged or done.`;
  throw new StopgateError('refused', what, { hint: `What is not known is kept. ${hint}` });
}

function verdictOf(outcome: Outcome): { verdict: string; reason: string | null } {
  return { verdict: outcome.verdict, reason: 'reason' in outcome ? outcome.reason : null };
}
