import type { StatePaths } from '../../state/paths.ts';
import { type Fact, known, unknown } from '../fact.ts';
import { type Proof, prove } from '../integration/prove.ts';
import { targetsOf } from '../integration/target.ts';
import { lazily } from '../lazy.ts';
import type { WorktreeRecord } from '../list.ts';
import { type Mark, readMark } from '../mark.ts';
import { gitDirOf } from '../where.ts';
import { type Head, headOf, stashesOf, strayCommits, unpushedCommits } from './head.ts';
import { identityOf } from './identity.ts';
import { type Nested, nestedIn } from './nested.ts';
import { operationsIn } from './operations.ts';
import { type Base, baseOf, ownCommits } from './own.ts';
import { type Claim, claimsOn } from './sessions.ts';
import { type Changes, changesIn, hiddenIn } from './status.ts';
import { type User, usersOf } from './users.ts';

/** A worktree to look at, and what is known of it from outside. */
export interface Subject {
  record: WorktreeRecord;
  /** Every record of the repository, the main one first. */
  all: readonly WorktreeRecord[];
  /** A person named it. */
  named: boolean;
}

/** What may change at any moment (docs/worktrees.md, steps 2 to 6): looked at again right before the act. */
export interface Presence {
  /** Why it is not the worktree that was meant; `null` when it is. */
  identity: Fact<string | null>;
  locked: string | null;
  prunable: string | null;
  users: Fact<User[]>;
  claims: Fact<Claim[]>;
  operations: Fact<string[]>;
  changes: Fact<Changes>;
  hidden: Fact<string[]>;
  nested: Fact<Nested[]>;
  head: Fact<Head>;
}

/** Where the commits of a worktree are (steps 7 to 10). */
export interface History {
  stray: Fact<number>;
  base: Base | null;
  targets: Fact<string[]>;
  own: Fact<number>;
  integrated: { target: string; proof: Proof } | null;
  unpushed: Fact<number | null>;
  stashes: Fact<string[]>;
}

export interface WorktreeFacts extends Presence {
  path: string;
  isMain: boolean;
  named: boolean;
  mark: Fact<Mark | null>;
  history: Fact<History>;
}

/** Looks at what decides about one worktree, each thing when it is first asked for. Writes nothing at all. */
export function gather(subject: Subject, paths: StatePaths): WorktreeFacts {
  const { record, all, named } = subject;
  const mark = () => {
    const gitDir = gitDirOf(record.path);
    return gitDir.known ? readMark(gitDir.value) : gitDir;
  };
  const facts: WorktreeFacts = lazily<WorktreeFacts>({
    path: () => record.path,
    isMain: () => record.bare || record === all[0],
    named: () => named,
    mark,
    history: () => historyOf(subject, facts.head, facts.mark),
    ...probesOf(subject, paths),
  });
  return facts;
}

/** Looks at what may have changed since. */
export function lookAgain(subject: Subject, paths: StatePaths): Presence {
  return lazily<Presence>(probesOf(subject, paths));
}

function probesOf({ record, all }: Subject, paths: StatePaths) {
  const top = record.path;
  const others = all.map(({ path }) => path);
  const nested = () => {
    const gitDir = gitDirOf(top);
    return gitDir.known ? nestedIn(top, gitDir.value, others) : gitDir;
  };
  return {
    identity: () => identityOf(top, all[0]?.path ?? top),
    locked: () => record.locked,
    prunable: () => record.prunable,
    users: () => usersOf(top),
    claims: () => claimsOn(top, paths),
    operations: () => operationsIn(top),
    changes: () => changesIn(top),
    hidden: () => hiddenIn(top),
    nested,
    head: () => headOf(top),
  };
}

function historyOf(
  { record, all }: Subject,
  head: Fact<Head>,
  mark: Fact<Mark | null>,
): Fact<History> {
  const top = record.path;
  if (!head.known) return head;
  if (!mark.known) return mark;
  const { branch, oid } = head.value;
  const base = baseOf(top, head.value, mark.value?.base ?? null);
  const from = mark.value?.from ?? null;
  const history: History = lazily<History>({
    stray: () => strayCommits(top, head.value),
    base: () => base,
    targets: () => targetsOf(top, { branch, from, mainBranch: all[0]?.branch ?? null }),
    own: () => {
      const { targets } = history;
      return targets.known ? ownCommits(top, head.value, base, targets.value) : targets;
    },
    integrated: () => {
      const { targets } = history;
      return oid !== null && targets.known ? firstProof(top, oid, targets.value) : null;
    },
    unpushed: () => (oid === null ? NO_COMMIT : unpushedCommits(top, oid)),
    stashes: () => stashesOf(top, branch),
  });
  return known(history);
}

const NO_COMMIT = unknown('the branch has no commit');

function firstProof(top: string, oid: string, targets: readonly string[]): History['integrated'] {
  for (const target of targets) {
    const proof = prove(top, target, oid);
    if (proof !== null) return { target, proof };
  }
  return null;
}
