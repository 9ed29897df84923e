import type { Reason } from '../../cleanup/words.ts';

/** What one step of the eleven found. */
export interface Finding {
  step: number;
  /** Null: nothing against it. */
  reason: Reason | null;
  what: string;
}

/** A step is taken only when no step before it refused. */
export type Step = () => Finding;

export function refused(step: number, reason: Reason, what: string): Finding {
  return { step, reason, what };
}

export function fine(step: number, what: string): Finding {
  return { step, reason: null, what };
}

export function uncertain(why: string): string {
  return `cannot tell: ${why}`;
}

const SHOWN = 5;

/** The first few of many names. */
export function some(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export function commits(n: number): string {
  return n === 1 ? '1 commit' : `${n} commits`;
}

/** A ref as people write it. */
export function short(ref: string): string {
  return ref.replace(/^refs\/(heads|remotes|tags)\//, '');
}
