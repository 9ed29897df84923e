import { type Fact, known, list, tellIfAny } from '../fact.ts';

/** Where work may have been integrated: full names of refs, the likeliest first. */
export interface TargetInput {
  /** The branch of the worktree, which is never its own target. */
  branch: string | null;
  /** The branch that the work started from, when that is recorded. */
  from: string | null;
  /** What is checked out in the main working tree. */
  mainBranch: string | null;
}

const TRUNKS = ['refs/heads/main', 'refs/heads/master'];

/**
 * The branch that the work started from, the one that the remote calls its default, and what these follow; without
 * either `main` or `master`; without those the branch of the main working tree.
 */
export function targetsOf(cwd: string, { branch, from, mainBranch }: TargetInput): Fact<string[]> {
  const refs = list(cwd, ['for-each-ref', '--format=%(refname)%00', 'refs/heads', 'refs/remotes']);
  if (!refs.known) return refs;
  const there = new Set(refs.value.map((name) => name.trim()));
  const origin = tellIfAny(cwd, ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD']);
  const remote = origin.known ? origin.value : null;
  const local = remote?.replace('refs/remotes/origin/', 'refs/heads/') ?? null;
  const firm = [from, remote, local].filter(isText);
  const chosen = firm.some((ref) => there.has(ref) && ref !== branch) ? firm : [...TRUNKS];
  if (!chosen.some((ref) => there.has(ref) && ref !== branch) && mainBranch !== null) {
    chosen.push(mainBranch);
  }
  const followed = chosen.map((ref) => ref.replace('refs/heads/', 'refs/remotes/origin/'));
  const own = [branch, branch?.replace('refs/heads/', 'refs/remotes/origin/')];
  const all = [...new Set([...chosen, ...followed])];
  return known(all.filter((ref) => there.has(ref) && !own.includes(ref)));
}

function isText(text: string | null): text is string {
  return text !== null;
}
