import { enterAct } from '../cleanup/ledger.ts';
import { errnoOf, messageOf } from '../errors.ts';
import type { StatePaths } from '../state/paths.ts';
import { LINE_BYTES, readText } from '../state/read-file.ts';
import { type Fact, known, tell, tellIfAny, unknown } from './fact.ts';
import { git } from './git.ts';
import { prove } from './integration/prove.ts';
import { listWorktrees, type WorktreeRecord } from './list.ts';
import { type Removal, refused } from './remove.ts';
import { short } from './steps/finding.ts';

/** A branch that was asked to go with its worktree, at the commit that was judged. */
export interface BranchAt {
  /** Its full name. */
  ref: string;
  oid: string;
  /** The branch that holds the work. */
  target: string;
}

/** Why a branch has to stay while its worktree (at `top`) goes, or `null`. Reads only. */
export function branchRefusal(
  main: string,
  top: string,
  { ref, target }: BranchAt,
): Removal | null {
  const trunks = protectedRefs(main, target);
  if (!trunks.known) return refused('retained', `cannot tell: ${trunks.why}`);
  if (trunks.value.has(ref)) return refused('retained', `${short(ref)} is protected`);
  const all = listWorktrees(main);
  if (!all.known) return refused('live', `cannot tell: ${all.why}`);
  for (const record of all.value.filter(({ path }) => path !== top)) {
    const used = usesBranch(record, ref);
    if (!used.known) return refused('live', `cannot tell: ${used.why}`);
    if (used.value) return refused('live', `${short(ref)} is in use in ${record.path}`);
  }
  return null;
}

/** Deletes a branch whose worktree is gone, if it still is where it was judged and the target still holds its work. */
export function removeBranch(
  main: string,
  top: string,
  branch: BranchAt,
  paths: StatePaths,
): Removal {
  const refusal = branchRefusal(main, top, branch);
  if (refusal !== null) return refusal;
  const { ref, oid, target } = branch;
  if (prove(main, target, oid) === null) {
    return refused('plan-stale', `${short(target)} changed while the worktree was removed`);
  }
  const close = enterAct(paths, { act: 'branch-delete', repository: main, ref, head: oid });
  const answer = git(main, ['update-ref', '-d', ref, oid]);
  switch (answer.kind) {
    case 'ok':
      close('done');
      return { outcome: { verdict: 'deleted' }, why: `branch ${short(ref)}, it was at ${oid}` };
    case 'no':
      close('failed', { why: answer.why });
      return refused('identity-changed', answer.why);
    case 'unknown':
      close('outcome-unknown', { why: answer.why });
      return refused('plan-stale', `outcome-unknown: ${answer.why}`);
    default:
      return answer satisfies never;
  }
}

const TRUNKS = ['main', 'master', 'trunk', 'develop', 'development', 'staging', 'production'];

/** Branches that no cleanup deletes: the usual trunks, the ones that this repository names so, and the target. */
function protectedRefs(main: string, target: string): Fact<Set<string>> {
  const asked = [
    tellIfAny(main, ['config', '--get', 'init.defaultBranch']),
    tellIfAny(main, ['symbolic-ref', '--quiet', '--short', 'HEAD']),
    tellIfAny(main, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']),
  ];
  const names = [...TRUNKS];
  for (const answer of asked) {
    if (!answer.known) return answer;
    if (answer.value !== null) names.push(answer.value.replace(/^origin\//, ''));
  }
  return known(new Set([...names.map((name) => `refs/heads/${name}`), target]));
}

/** Checked out, or being rebased or bisected, which git calls detached. */
function usesBranch({ path, branch, prunable, bare }: WorktreeRecord, ref: string): Fact<boolean> {
  if (branch === ref) return known(true);
  if (prunable !== null || bare) return known(false);
  for (const name of ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START']) {
    const file = tell(path, ['rev-parse', '--path-format=absolute', '--git-path', name]);
    if (!file.known) return file;
    const said = textOf(file.value);
    if (!said.known) return said;
    if (said.value === ref || said.value === short(ref)) return known(true);
  }
  return known(false);
}

function textOf(path: string): Fact<string | null> {
  try {
    return known(readText(path, LINE_BYTES).trim());
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? known(null) : unknown(messageOf(error));
  }
}
