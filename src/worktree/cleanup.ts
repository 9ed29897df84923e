import type { Outcome } from '../cleanup/words.ts';
import { StopgateError } from '../errors.ts';
import type { StatePaths } from '../state/paths.ts';
import { type BranchAt, branchRefusal, removeBranch } from './branch.ts';
import { gather, type Subject, type WorktreeFacts } from './facts/gather.ts';
import { buildsOn } from './facts/sessions.ts';
import { findWorktree, type Named } from './find.ts';
import { judge } from './judge.ts';
import { listWorktrees } from './list.ts';
import { readMark } from './mark.ts';
import { type Removal, removeWorktree } from './remove.ts';
import type { Finding } from './steps/finding.ts';
import { gitDirOf } from './where.ts';

export interface CleanupRequest {
  /** A build id, a branch or a path; `null`: every worktree of this repository that stopgate made. */
  task: string | null;
  cwd: string;
  /** Removes what may go; otherwise nothing is written. */
  force: boolean;
  /** The branch is to go as well. */
  branch: boolean;
}

/** One worktree: what was found, what was decided, what was done. */
export interface WorktreeReport {
  path: string;
  branch: string | null;
  head: string | null;
  builds: readonly string[];
  /** The branch that holds its work, and how that is known. */
  integrated: { target: string; proof: string } | null;
  outcome: Outcome;
  why: string;
  evidence: readonly Finding[];
  /** What became of the branch, when it was asked for. */
  branchOutcome: Removal | null;
}

/** Reports on worktrees, and removes those that may go when that is asked for. The main one is never touched. */
export function cleanUp(request: CleanupRequest, paths: StatePaths): WorktreeReport[] {
  const named = namedWorktrees(request.cwd, paths);
  const [main, ...linked] = named;
  const all = named.map(({ record }) => record);
  const chosen =
    request.task === null
      ? linked.map(({ record }) => record)
      : [findWorktree(request.task, linked, request.cwd, main)];
  return chosen.map((record) => {
    const builds = named.find((one) => one.record === record)?.builds ?? [];
    const subject = { record, all, named: request.task !== null };
    return { ...reportOn(subject, request, paths), builds };
  });
}

/** The working trees of the repository that holds `cwd`, with the builds that they belong to; the main one first. */
export function namedWorktrees(cwd: string, paths: StatePaths): Named[] {
  const all = listWorktrees(cwd);
  if (!all.known) {
    throw new StopgateError('no-repository', `The worktrees of ${cwd} cannot be listed.`, {
      hint: all.why,
    });
  }
  const builds = buildsOn(paths);
  return all.value.map((record, at) => {
    if (at === 0) return { record, builds: [] };
    const gitDir = gitDirOf(record.path);
    const mark = gitDir.known ? readMark(gitDir.value) : gitDir;
    const made = mark.known && mark.value ? [mark.value.build] : [];
    const worked = builds.filter(({ checkouts }) => checkouts[0] === record.path);
    return { record, builds: [...new Set([...made, ...worked.map(({ id }) => id)])] };
  });
}

function reportOn(
  subject: Subject,
  request: CleanupRequest,
  paths: StatePaths,
): Omit<WorktreeReport, 'builds'> {
  const facts = gather(subject, paths);
  const { refusal, trail } = judge(facts);
  const integrated =
    refusal === null && facts.history.known ? facts.history.value.integrated : null;
  const head = facts.head.known ? facts.head.value : { branch: null, oid: null };
  const about = {
    path: facts.path,
    branch: head.branch,
    head: head.oid,
    integrated,
    evidence: trail,
  };
  const why = trail.at(-1)?.what ?? '';
  if (refusal !== null) {
    const isNobodys = refusal === 'foreign' || refusal === 'disappeared';
    const outcome: Outcome =
      request.task === null && isNobodys
        ? { verdict: 'kept', reason: refusal }
        : { verdict: 'refused', reason: refusal };
    return { ...about, outcome, why, branchOutcome: null };
  }
  const removal: Removal = request.force
    ? removeWorktree(subject, facts, paths)
    : { outcome: { verdict: 'would_delete' }, why: facts.path };
  const branchOutcome = request.branch ? branchAfter(removal, subject, facts, paths) : null;
  return { ...about, ...removal, branchOutcome };
}

function branchAfter(
  { outcome }: Removal,
  { record, all }: Subject,
  { head, history }: WorktreeFacts,
  paths: StatePaths,
): Removal | null {
  const main = all[0]?.path ?? '';
  const branch = branchAt(head, history);
  if (branch === null || outcome.verdict === 'refused') return null;
  if (outcome.verdict === 'deleted') return removeBranch(main, record.path, branch, paths);
  const would: Removal = { outcome: { verdict: 'would_delete' }, why: `branch ${branch.ref}` };
  return branchRefusal(main, record.path, branch) ?? would;
}

function branchAt(head: WorktreeFacts['head'], history: WorktreeFacts['history']): BranchAt | null {
  if (!head.known || !history.known) return null;
  const { branch, oid } = head.value;
  const { integrated } = history.value;
  if (branch === null || oid === null || integrated === null) return null;
  return { ref: branch, oid, target: integrated.target };
}
