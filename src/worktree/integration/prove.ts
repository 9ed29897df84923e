import { count, type Fact, isOid, tell, tellIfAny } from '../fact.ts';
import { git } from '../git.ts';
import { firstPath, mainlineCandidates, plainCandidates } from './candidates.ts';
import { addsNothing, type Lines } from './merge.ts';
import { patchesOf } from './patch.ts';

/** How it is known that a target holds a piece of work. */
export const PROOFS = {
  ancestor: 'is part of its history',
  cherry: 'every commit is there as a patch',
  merge: 'merging it would add nothing',
  squash: 'all of it is there as one commit',
  'patch-id': 'all of it came in with one merge',
} as const;

export type Proof = keyof typeof PROOFS;

/**
 * The first proof that `target` holds the work of `tip`, else `null`. A question that git does not answer proves
 * nothing, and nothing is written into the repository to ask one.
 */
export function prove(cwd: string, target: string, tip: string): Proof | null {
  if (git(cwd, ['merge-base', '--is-ancestor', tip, target]).kind === 'ok') return 'ancestor';
  const base = tellIfAny(cwd, ['merge-base', target, tip]);
  if (!base.known || base.value === null || !isOid(base.value)) return null;
  const work: Lines = { cwd, target, tip, base: base.value };
  if (isCherryPicked(work)) return 'cherry';
  if (isNetZero(work)) return null;
  if (addsNothing(work)) return 'merge';
  if (cameAsOne(work, plainCandidates)) return 'squash';
  return cameAsOne(work, mainlineCandidates) ? 'patch-id' : null;
}

const MOST_COMMITS = 200;

/** Every commit of the work has its like in the target. Merges are left out by git, so there may be none. */
function isCherryPicked({ cwd, target, tip }: Lines): boolean {
  const merges = count(cwd, ['rev-list', '--count', '--merges', `${target}..${tip}`]);
  if (!merges.known || merges.value > 0) return false;
  const own = cherry(cwd, target, tip);
  if (own === null || own.length > MOST_COMMITS) return false;
  const paths = own.map((commit) => firstPath(cwd, `${commit}^`, commit));
  if (paths.some((path) => !path.known || path.value.length === 0)) return false;
  const touched = [...new Set(paths.flatMap((path) => (path.known ? path.value : [])))];
  const candidates = plainCandidates(cwd, { target, without: tip }, touched);
  if (!candidates.known) return false;
  const there = patchesOf(cwd, candidates.value);
  const mine = patchesOf(
    cwd,
    own.map((commit) => ({ commit })),
  );
  return mine.known && mine.value.size === own.length && isAllIn(mine.value, there);
}

/** The commits of a work when `git cherry` finds the like of each one, else `null`; no commit at all is no proof. */
function cherry(cwd: string, target: string, tip: string): string[] | null {
  const out = tell(cwd, ['cherry', target, tip]);
  if (!out.known || out.value === '') return null;
  const lines = out.value.split('\n');
  return lines.every((line) => line.startsWith('- ')) ? lines.map((line) => line.slice(2)) : null;
}

/** Commits that cancel each other out came to nothing, and nothing of them is anywhere else. */
function isNetZero({ cwd, tip, base }: Lines): boolean {
  const trees = [tip, base].map((commit) => tell(cwd, ['rev-parse', `${commit}^{tree}`]));
  const [mine, theirs] = trees;
  return !mine?.known || !theirs?.known || mine.value === theirs.value;
}

/** The work as a whole is what one of these commits brought in. */
function cameAsOne(
  { cwd, target, tip, base }: Lines,
  candidatesOf: typeof plainCandidates,
): boolean {
  const touched = firstPath(cwd, base, tip);
  if (!touched.known) return false;
  const candidates = candidatesOf(cwd, { target, without: base }, touched.value);
  if (!candidates.known) return false;
  const mine = patchesOf(cwd, [{ commit: tip, against: base }]);
  return (
    mine.known && mine.value.size === 1 && isAllIn(mine.value, patchesOf(cwd, candidates.value))
  );
}

/** True when each patch is among those there; an empty patch is the like of nothing. */
function isAllIn(mine: Map<string, string>, there: Fact<Map<string, string>>): boolean {
  if (!there.known) return false;
  const known = new Set(there.value.values());
  return [...mine.values()].every((patch) => patch !== '' && known.has(patch));
}
