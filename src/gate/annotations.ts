import { appendRecord, readRecords } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';

export const ANNOTATIONS = ['correct', 'incorrect', 'unclear'] as const;

/** What a person says of one decision. */
export interface Annotation {
  at: string;
  judgement: (typeof ANNOTATIONS)[number];
  note: string | null;
}

/** Adds a person's word; nothing that was said before is taken away. */
export function addAnnotation(paths: StatePaths, id: string, annotation: Annotation): void {
  const { at, judgement, note } = annotation;
  appendRecord(paths.annotations, { at, id, judgement, note });
}

/** The last word on each decision, by the id of its record. */
export function readAnnotations(paths: StatePaths): Map<string, Annotation> {
  const last = new Map<string, Annotation>();
  for (const { at, id, judgement, note } of readRecords(paths.annotations)) {
    const known = ANNOTATIONS.find((one) => one === judgement);
    if (typeof id !== 'string' || known === undefined) continue;
    const text = typeof note === 'string' ? note : null;
    last.set(id, { at: String(at), judgement: known, note: text });
  }
  return last;
}
