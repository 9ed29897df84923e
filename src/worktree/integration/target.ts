import { type Fact, known, list, mapFact } from '../fact.ts';

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
 * The branch that the work started from, the default branch of each remote, `main` and `master`, and what these follow;
 * where there is none of them, the branch of the main working tree. Never the worktree's own branch, here or pushed.
 */
export function targetsOf(cwd: string, { branch, from, mainBranch }: TargetInput): Fact<string[]> {
  const refs = refsOf(cwd);
  if (!refs.known) return refs;
  const there = new Map(refs.value.map((ref) => [ref.name, ref]));
  const own = branch?.replace(/^refs\/heads\//, '') ?? null;
  const isOwn = (name: string) =>
    name === branch || (own !== null && name.replace(/^refs\/remotes\/[^/]+\//, '') === own);
  const choose = (names: (string | null)[]) => {
    const firm = names.filter((name) => name !== null);
    const followed = firm.flatMap((name) => there.get(name)?.upstream || []);
    return [...new Set([...firm, ...followed])].filter((name) => there.has(name) && !isOwn(name));
  };
  const defaults = refs.value.flatMap(({ name, symref }) =>
    /^refs\/remotes\/[^/]+\/HEAD$/.test(name) && symref ? [symref, asLocal(symref)] : [],
  );
  const chosen = choose([from, ...defaults, ...TRUNKS, ...TRUNKS.map(asRemote)]);
  return known(chosen.length > 0 ? chosen : choose([mainBranch]));
}

interface Ref {
  name: string;
  /** What the branch follows; empty for none. */
  upstream: string;
  /** What a symbolic ref stands for; empty for any other. */
  symref: string;
}

/** Names of refs hold no blanks. */
function refsOf(cwd: string): Fact<Ref[]> {
  const format = '--format=%(refname) %(upstream) %(symref)%00';
  return mapFact(list(cwd, ['for-each-ref', format, 'refs/heads', 'refs/remotes']), (lines) =>
    lines.flatMap((line) => {
      const [name, upstream = '', symref = ''] = line.replace(/^\n/, '').split(' ');
      return name ? [{ name, upstream, symref }] : [];
    }),
  );
}

function asLocal(remote: string): string {
  return remote.replace(/^refs\/remotes\/[^/]+\//, 'refs/heads/');
}

function asRemote(local: string): string {
  return local.replace('refs/heads/', 'refs/remotes/origin/');
}
