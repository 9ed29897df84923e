import { count, type Fact, isOid, known, mapFact, tell } from '../fact.ts';
import { git } from '../git.ts';
import type { Head } from './head.ts';

/** Where the work of a worktree began. */
export interface Base {
  oid: string;
  /** `recorded` by `build start --worktree`; else the first entry of the branch's reflog. */
  source: 'recorded' | 'reflog';
}

/** The commit that a branch started from: as recorded, else as git wrote it down when the branch was made. */
export function baseOf(top: string, { branch }: Head, recorded: string | null): Base | null {
  if (recorded !== null) return { oid: recorded, source: 'recorded' };
  if (branch === null) return null;
  const first = reflog(top, branch).at(-1);
  if (first === undefined || !/^branch: Created from /.test(first.action)) return null;
  return { oid: first.oid, source: 'reflog' };
}

/**
 * How many commits were made here. A branch that only followed another one has none: it looks like merged and is not.
 * Commits that no target holds count by themselves; of those that one holds, git's log of what was done here decides.
 */
export function ownCommits(
  top: string,
  head: Head,
  base: Base | null,
  targets: readonly string[],
): Fact<number> {
  const { oid } = head;
  if (oid === null || oid === base?.oid) return known(0);
  if (targets.length === 0) return count(top, ['rev-list', '--count', ...since(oid, base)]);
  const elsewhere = count(top, ['rev-list', '--count', ...since(oid, base), '--not', ...targets]);
  if (!elsewhere.known || elsewhere.value > 0) return elsewhere;
  const made = madeHere(top, head).filter((commit) => isPart(top, commit, oid));
  const fresh = made.filter((commit) => base === null || !isPart(top, commit, base.oid));
  if (fresh.length > 0) return known(fresh.length);
  return mapFact(isOffTheLine(top, oid, targets), (off) => (off ? 1 : 0));
}

function since(oid: string, base: Base | null): string[] {
  return base === null ? [oid] : [oid, `^${base.oid}`];
}

/** A target holds the commit, but not on its own line: it came in with a merge. */
function isOffTheLine(top: string, oid: string, targets: readonly string[]): Fact<boolean> {
  for (const target of targets) {
    if (git(top, ['merge-base', '--is-ancestor', oid, target]).kind !== 'ok') continue;
    const line = tell(top, ['rev-list', '--first-parent', target]);
    if (!line.known) return line;
    return known(!line.value.split('\n').includes(oid));
  }
  return known(false);
}

const MOST_ENTRIES = 100;
const MAKES_A_COMMIT =
  /^(commit|cherry-pick|revert|am)\b|\((pick|reword|edit|squash|fixup|continue)\)|: Merge made by/;

/** The commits that were made in this worktree, newest first, as its reflogs tell. */
function madeHere(top: string, { branch }: Head): string[] {
  const entries = [...reflog(top, 'HEAD'), ...(branch === null ? [] : reflog(top, branch))];
  const made = entries.filter(({ action }) => MAKES_A_COMMIT.test(action)).map(({ oid }) => oid);
  return [...new Set(made)].slice(0, MOST_ENTRIES);
}

function isPart(top: string, commit: string, of: string): boolean {
  return git(top, ['merge-base', '--is-ancestor', commit, of]).kind === 'ok';
}

interface Entry {
  oid: string;
  action: string;
}

/** The log of a ref, newest first; empty when git keeps none. */
function reflog(top: string, ref: string): Entry[] {
  const out = tell(top, ['reflog', 'show', '-z', '--format=%H %gs', ref, '--']);
  if (!out.known) return [];
  return out.value.split('\0').flatMap((line) => {
    const oid = line.slice(0, line.indexOf(' '));
    return isOid(oid) ? [{ oid, action: line.slice(oid.length + 1) }] : [];
  });
}
