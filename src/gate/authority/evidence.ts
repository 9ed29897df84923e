import type { Signals } from './signals.ts';

/** A plan, specification or todo file of the working tree. */
export interface Artifact {
  /** From the root of the working tree. */
  path: string;
  kind: 'plan' | 'spec' | 'todo';
  /** Changed or untracked, as git sees it. */
  dirty: boolean;
  /** The commit that added it; `null` when there is none, or history does not reach so far. */
  introduced: string | null;
  /** The newest commit that touched it; `null` when there is none. */
  latest: string | null;
  inSession: 'created' | 'modified' | 'no' | 'unknown';
  /** Checkboxes in it: `- [ ]` and `- [x]`. */
  open: number;
  done: number;
  /** The last message names it. */
  named: boolean;
}

export interface Commit {
  id: string;
  at: string;
  subject: string;
}

export interface Repository {
  checkout: string;
  /** `null` before the first commit. */
  head: string | null;
  /** `null` when detached. */
  branch: string | null;
  shallow: boolean;
  /** A rebase, merge, cherry-pick, revert or bisect that is not finished. */
  operation: string | null;
  /** Files that are changed, staged or untracked. */
  changed: number;
  conflicts: number;
  /** Commits of HEAD that no remote-tracking branch has; counted up to 100. */
  unpushed: number;
}

/** All that an authority may decide from, collected by the hook itself. */
export interface Evidence {
  sessionStart: string | null;
  /** `null` outside a working tree of git. */
  repository: Repository | null;
  /** Commits that were made in this working tree since the session began, newest first. */
  commits: Commit[];
  artifacts: Artifact[];
  signals: Signals;
}
