import { lstatSync } from 'node:fs';
import { enterAct } from '../cleanup/ledger.ts';
import type { Outcome, Reason } from '../cleanup/words.ts';
import type { StatePaths } from '../state/paths.ts';
import { dropPlace } from './create.ts';
import { lookAgain, type Subject, type WorktreeFacts } from './facts/gather.ts';
import { git } from './git.ts';
import { judgePresence } from './judge.ts';
import { listWorktrees, type WorktreeRecord } from './list.ts';

/** What became of one thing that was to be removed, and why. */
export interface Removal {
  outcome: Outcome;
  why: string;
}

const REMOVE_MS = 10 * 60_000;

/** Removes a worktree that was judged to be fit for it: looks at steps 2 to 6 once more, then asks git, without force. */
export function removeWorktree(subject: Subject, facts: WorktreeFacts, paths: StatePaths): Removal {
  const main = subject.all[0]?.path ?? '';
  const now = currentRecord(main, subject.record);
  if (!now.found) return refused(now.reason, now.why);
  const presence = lookAgain({ ...subject, record: now.record, all: now.all }, paths);
  const { refusal, trail } = judgePresence(presence);
  if (refusal !== null) return refused(refusal, trail.at(-1)?.what ?? '');
  if (!isSame(facts.head, presence.head)) {
    return refused('identity-changed', 'its branch or commit changed while it was looked at');
  }
  return act(main, now.record.path, presence, paths);
}

function act(
  main: string,
  path: string,
  { head }: Pick<WorktreeFacts, 'head'>,
  paths: StatePaths,
): Removal {
  const at = head.known ? head.value : { branch: null, oid: null };
  const close = enterAct(paths, { act: 'worktree-remove', path, branch: at.branch, head: at.oid });
  const answer = git(main, ['worktree', 'remove', path], { timeoutMs: REMOVE_MS });
  if (answer.kind === 'unknown') {
    close('outcome-unknown', { why: answer.why });
    return refused('plan-stale', `outcome-unknown: ${answer.why}`);
  }
  if (answer.kind === 'no' || isThere(path)) {
    const why =
      answer.kind === 'no' ? answer.why : 'git removed its record, and left the directory';
    close('failed', { why });
    return refused('plan-stale', why);
  }
  close('done');
  dropPlace(path, main);
  return { outcome: { verdict: 'deleted' }, why: path };
}

type Current =
  | { found: true; record: WorktreeRecord; all: WorktreeRecord[] }
  | { found: false; reason: Reason; why: string };

function currentRecord(main: string, before: WorktreeRecord): Current {
  const all = listWorktrees(main);
  if (!all.known) return { found: false, reason: 'disappeared', why: `cannot tell: ${all.why}` };
  const record = all.value.find(({ path }) => path === before.path);
  if (record) return { found: true, record, all: all.value };
  return { found: false, reason: 'disappeared', why: 'git does not list it any more' };
}

function isSame(a: WorktreeFacts['head'], b: WorktreeFacts['head']): boolean {
  if (!a.known || !b.known) return false;
  return a.value.branch === b.value.branch && a.value.oid === b.value.oid;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

export function refused(reason: Reason, why: string): Removal {
  return { outcome: { verdict: 'refused', reason }, why };
}
