import { type Fact, known, tell, unknown } from './fact.ts';
import { listWorktrees } from './list.ts';

/** Where in a repository a directory lies, by git's own answer. */
export interface Standing {
  /** True in a linked worktree. A submodule is a repository of its own, and its `.git` file proves nothing. */
  linked: boolean;
  /** The main working tree, or the repository itself when it is bare or git was told to keep it apart. */
  main: string;
  /** The top of the working tree that holds the directory; in a repository `main`. */
  top: string;
}

/** A worktree is linked when its git directory is not the one that all of them share. */
export function standing(cwd: string): Fact<Standing> {
  const own = revParse(cwd, '--git-dir');
  const common = commonDirOf(cwd);
  const worktrees = listWorktrees(cwd);
  if (!own.known) return own;
  if (!common.known) return common;
  if (!worktrees.known) return worktrees;
  const main = worktrees.value[0]?.path ?? '';
  const top = tell(cwd, ['rev-parse', '--show-toplevel']);
  if (!top.known) {
    const inside = tell(cwd, ['rev-parse', '--is-inside-git-dir']);
    const isRepository = inside.known && inside.value === 'true' && own.value === common.value;
    return isRepository ? known({ linked: false, main, top: main }) : unknown(top.why);
  }
  return known({ linked: own.value !== common.value, main, top: top.value });
}

/** The git directory of one working tree: what is kept there goes with the worktree, and no status shows it. */
export function gitDirOf(top: string): Fact<string> {
  return revParse(top, '--git-dir');
}

/** What all working trees of a repository share, and no other repository does. */
export function commonDirOf(top: string): Fact<string> {
  return revParse(top, '--git-common-dir');
}

function revParse(cwd: string, what: string): Fact<string> {
  return tell(cwd, ['rev-parse', '--path-format=absolute', what]);
}
