import { summarize, verdictLines } from '../../cleanup/words.ts';
import { StopgateError } from '../../errors.ts';
import { lineOf, nameOf } from '../../session/report/describe.ts';
import { evidenceOf } from '../../session/report/evidence.ts';
import type { Done } from '../../session/report/prune.ts';
import type { World } from '../../session/report/world.ts';
import { print, printJson } from '../print.ts';

/** Prints what was found and done, in lines or as JSON. @throws StopgateError `refused` when anything was. */
export function show(
  done: readonly Done[],
  world: World,
  { json, olderThanMs }: { json: boolean; olderThanMs: number | null },
): void {
  const summary = summarize(done.map(({ outcome }) => outcome));
  if (json) printJson({ schema: 1, at: world.at, olderThanMs, items: done.map(asJson), summary });
  else print(...verdictLines(done.map(({ item, outcome }) => ({ outcome, text: lineOf(item) }))));
  if (summary.refused === 0) return;
  throw new StopgateError(
    'refused',
    `${summary.refused} of ${done.length} could not be judged or done.`,
    {
      hint: 'What is not known is kept. See the lines above that begin with refused.',
    },
  );

  function asJson({ item, outcome }: Done): object {
    const { judgement, kind } = item;
    const reason = 'reason' in outcome ? outcome.reason : null;
    return {
      kind,
      name: nameOf(item),
      ...judgement,
      verdict: outcome.verdict,
      reason,
      evidence: evidenceOf(item, world),
    };
  }
}
