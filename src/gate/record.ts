import type { Judgement } from './stop.ts';

/** What the log says of a judged stop: the build, the ladder's row and its facts, the budget. */
export function stopRecord({ decision, notes }: Judgement): object {
  const { candidate } = decision;
  return {
    build: candidate?.build.id ?? null,
    row: candidate?.match.row ?? null,
    facts: candidate?.match.facts ?? [],
    ...(candidate?.match.answer === 'owner'
      ? { spent: candidate.build.budget.spent, limit: candidate.build.budget.limit }
      : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}
