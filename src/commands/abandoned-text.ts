import type { Abandoned } from '../session/abandoned.ts';

/** Says of one build that was left behind since when, and the two commands that help. */
export function abandonedLines(id: string, { since, why }: Abandoned): string[] {
  return [
    `${id}: abandoned since ${since}, ${why}`,
    `  take it up:  stopgate build claim ${id}`,
    `  or end it:   stopgate build fail --build ${id}`,
  ];
}
