import type { Build } from '../build/schema.ts';
import type { Verdict } from '../verdict.ts';
import type { Judgement } from './stop.ts';

/** What the log says of a judged stop: the build, the ladder's row and its facts, the budget. */
export function stopRecord({ decision, notes }: Judgement): object {
  const { candidate } = decision;
  return {
    build: candidate?.build.id ?? null,
    row: candidate?.match.row ?? null,
    facts: candidate?.match.facts ?? [],
    ...(candidate?.match.answer === 'owner' ? budgetOf(candidate.build, decision.verdict) : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** `bound` is the budget that let a stop go; the hour's is the router's to name. */
function budgetOf({ budget }: Build, { cause }: Verdict): object {
  const { spent, limit } = budget;
  return {
    spent,
    limit,
    ...(cause === 'capped' ? { bound: spent >= limit ? 'limit' : 'streak' } : {}),
  };
}
