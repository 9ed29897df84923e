import { type Fact, known, tell, unknown } from './fact.ts';

/** One record of `git worktree list`; the first one of a repository is its main working tree. */
export interface WorktreeRecord {
  path: string;
  /** The full name of the branch that is checked out; `null` when HEAD is detached. */
  branch: string | null;
  bare: boolean;
  locked: string | null;
  prunable: string | null;
}

/** All working trees of the repository that holds `cwd`, the main one first. */
export function listWorktrees(cwd: string): Fact<WorktreeRecord[]> {
  const out = tell(cwd, ['worktree', 'list', '--porcelain', '-z']);
  if (!out.known) return out;
  const records = parseWorktrees(out.value);
  return records.length > 0 ? known(records) : unknown('git worktree list: named no working tree');
}

/** Parses `git worktree list --porcelain -z`: attributes end in NUL, records in one more. */
export function parseWorktrees(out: string): WorktreeRecord[] {
  return out.split('\0\0').flatMap((record) => {
    const lines = record.split('\0').map(attribute);
    const path = lines.find(([name]) => name === 'worktree')?.[1];
    if (!path) return [];
    const text = (wanted: string) => lines.find(([name]) => name === wanted)?.[1] ?? null;
    return {
      path,
      branch: text('branch'),
      bare: text('bare') !== null,
      locked: text('locked'),
      prunable: text('prunable'),
    };
  });
}

function attribute(line: string): [string, string] {
  const blank = line.indexOf(' ');
  return blank < 0 ? [line, ''] : [line.slice(0, blank), line.slice(blank + 1)];
}
