import { count, type Fact, isOid, known, list, tellIfAny, unknown } from '../fact.ts';

/** What a worktree is at. */
export interface Head {
  /** The full name of the branch; `null` when HEAD is detached. */
  branch: string | null;
  /** The commit; `null` on a branch that has none yet. */
  oid: string | null;
}

export function headOf(top: string): Fact<Head> {
  const branch = tellIfAny(top, ['symbolic-ref', '--quiet', 'HEAD']);
  if (!branch.known) return branch;
  const oid = tellIfAny(top, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (!oid.known) return oid;
  if (oid.value !== null && !isOid(oid.value)) return unknown('git rev-parse: named no commit');
  return known({ branch: branch.value, oid: oid.value });
}

/** Refs that belong to one worktree and go with it. */
const OWN_REFS = ['refs/worktree', 'refs/bisect', 'refs/rewritten'];

/** How many commits nothing but this worktree holds: its detached HEAD, and refs of its own. */
export function strayCommits(top: string, { branch, oid }: Head): Fact<number> {
  const refs = list(top, ['for-each-ref', '--format=%(objectname)%00', ...OWN_REFS]);
  if (!refs.known) return refs;
  const own = refs.value.map((line) => line.trim()).filter(isOid);
  const roots = [...own, ...(branch === null && oid !== null ? [oid] : [])];
  if (roots.length === 0) return known(0);
  return count(top, ['rev-list', '--count', ...roots, '--not', ...SHARED_REFS]);
}

const SHARED_REFS = ['--branches', '--tags', '--remotes'];

/** How many commits no remote is known to have; `null` when the repository knows no remote branch at all. */
export function unpushedCommits(top: string, oid: string): Fact<number | null> {
  const remotes = list(top, [
    'for-each-ref',
    '--count=1',
    '--format=%(refname)%00',
    'refs/remotes',
  ]);
  if (!remotes.known) return remotes;
  if (remotes.value.length === 0) return known(null);
  return count(top, ['rev-list', '--count', oid, '--not', '--remotes']);
}

/** What was stashed on this branch. The stash belongs to the repository and stays. */
export function stashesOf(top: string, branch: string | null): Fact<string[]> {
  const entries = list(top, ['stash', 'list', '--format=%gd: %gs', '-z']);
  if (!entries.known) return entries;
  const name = branch === null ? '(no branch)' : branch.replace(/^refs\/heads\//, '');
  return known(
    entries.value.filter((entry) => {
      const said = entry.slice(entry.indexOf(': ') + 2);
      return said.startsWith(`WIP on ${name}:`) || said.startsWith(`On ${name}:`);
    }),
  );
}
