import { type GitAnswer, type GitOptions, git } from './git.ts';

/** Something that was looked at: what it is, or why that cannot be told. */
export type Fact<T> = { known: true; value: T } | { known: false; why: string };

export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

export function unknown(why: string): { known: false; why: string } {
  return { known: false, why };
}

/** The value of a fact as another fact. */
export function mapFact<T, U>(fact: Fact<T>, map: (value: T) => U): Fact<U> {
  return fact.known ? known(map(fact.value)) : fact;
}

/** What git prints, without the newline at its end; anything but exit code 0 is unknown. */
export function tell(cwd: string, args: readonly string[], options?: GitOptions): Fact<string> {
  return outOf(git(cwd, args, options));
}

/** What a git command that may find nothing prints: `null` when it ended with exit code 1. */
export function tellIfAny(
  cwd: string,
  args: readonly string[],
  options?: GitOptions,
): Fact<string | null> {
  const answer = git(cwd, args, options);
  return answer.kind === 'no' && answer.code === 1 ? known(null) : outOf(answer);
}

/** A count that git prints; no number is unknown. */
export function count(cwd: string, args: readonly string[]): Fact<number> {
  const out = tell(cwd, args);
  if (!out.known) return out;
  if (/^\d+$/.test(out.value)) return known(Number(out.value));
  return unknown(`git ${args[0]}: expected a number, found "${out.value.slice(0, 40)}"`);
}

/** A list that git prints with `-z`. */
export function list(cwd: string, args: readonly string[]): Fact<string[]> {
  return mapFact(tell(cwd, args), (out) => out.split('\0').filter((item) => item !== ''));
}

function outOf(answer: GitAnswer): Fact<string> {
  return answer.kind === 'ok' ? known(answer.out.replace(/\n$/, '')) : unknown(answer.why);
}

/** A commit or another object, as git names it in full. */
export function isOid(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
