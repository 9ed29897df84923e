import type { Reason } from '../cleanup/words.ts';
import type { Fact } from './fact.ts';
import type { History, Presence, WorktreeFacts } from './facts/gather.ts';
import { PROOFS } from './integration/prove.ts';

/** What one step of CLEANUP.md (Worktrees) found. */
export interface Finding {
  step: number;
  /** Null: nothing against it. */
  reason: Reason | null;
  what: string;
}

/** Whether a worktree may go: what each step found, up to the first that refuses. */
export interface Judgement {
  refusal: Reason | null;
  trail: Finding[];
}

/** Decides about one worktree by the eleven steps in order; the first refusal stops. Pure. */
export function judge(facts: WorktreeFacts): Judgement {
  return untilRefused([
    () => whose(facts),
    ...presenceSteps(facts),
    ...(facts.history.known ? historySteps(facts, facts.history.value) : [() => noHistory(facts)]),
  ]);
}

/** Steps 2 to 6 alone: right before the act, and again for what must not have moved meanwhile. */
export function judgePresence(presence: Presence): Judgement {
  return untilRefused(presenceSteps(presence));
}

type Step = () => Finding;

function untilRefused(steps: readonly Step[]): Judgement {
  const trail: Finding[] = [];
  for (const step of steps) {
    const finding = step();
    trail.push(finding);
    if (finding.reason !== null) return { refusal: finding.reason, trail };
  }
  return { refusal: null, trail };
}

function whose({ isMain, mark, named, prunable }: WorktreeFacts): Finding {
  if (isMain) return refused(1, 'main-worktree', 'it is the main working tree');
  if (prunable !== null) return fine(1, 'git lists it');
  if (!mark.known) return refused(1, 'foreign', uncertain(mark.why));
  if (mark.value) return fine(1, `made for build ${mark.value.build}`);
  if (named) return fine(1, 'named by the person who asks');
  return refused(1, 'foreign', 'stopgate did not make it, and nobody named it');
}

function presenceSteps(facts: Presence): Step[] {
  return [
    () => place(facts),
    () => users(facts),
    () => claims(facts),
    () => none(4, 'op-in-progress', facts.operations, 'in progress', 'no operation is in progress'),
    () => changes(facts),
    () => none(5, 'hidden-edits', facts.hidden, 'hidden from status', 'nothing is hidden from it'),
    () => nested(facts),
  ];
}

function place({ realPath, locked, prunable }: Presence): Finding {
  if (locked !== null) return refused(2, 'locked', `it is locked${locked ? `: ${locked}` : ''}`);
  if (prunable !== null) return refused(2, 'disappeared', prunable || 'its directory is gone');
  if (!realPath.known) return refused(2, 'disappeared', uncertain(realPath.why));
  return fine(2, 'it is there, and not locked');
}

function users({ users: found }: Presence): Finding {
  if (!found.known) return refused(3, 'liveness-uncertain', uncertain(found.why));
  const caller = found.value.find((user) => user.caller);
  if (caller) return refused(3, 'self', `this very command was started in ${caller.cwd}`);
  const [user, ...more] = found.value;
  if (user) {
    const others = more.length > 0 ? `, and ${more.length} more` : '';
    const who = `process ${user.pid} (${user.name}) works in ${user.cwd}${others}`;
    return refused(3, 'in-use-cwd', who);
  }
  return fine(3, 'no process works in it');
}

function claims({ claims: found }: Presence): Finding {
  if (!found.known) return refused(3, 'liveness-uncertain', uncertain(found.why));
  const live = found.value.find(({ holder }) => holder === 'alive');
  if (live) return refused(3, 'live', `${live.what} works in it`);
  const perhaps = found.value.find(({ holder }) => holder === 'unknown');
  if (perhaps) {
    return refused(3, 'liveness-uncertain', uncertain(`whether ${perhaps.what} is alive`));
  }
  const left = found.value.map(({ what }) => `${what}, which nobody holds any more`);
  return fine(3, left.length > 0 ? left.join('; ') : 'no session is live in it');
}

function changes({ changes: found }: Presence): Finding {
  if (!found.known) return refused(5, 'dirty', uncertain(found.why));
  const { changed, untracked, precious, made } = found.value;
  if (changed.length > 0) return refused(5, 'dirty', `changed: ${some(changed)}`);
  if (untracked.length > 0) return refused(5, 'untracked', `untracked: ${some(untracked)}`);
  if (precious.length > 0) {
    return refused(5, 'ignored-precious', `ignored by git, and in no commit: ${some(precious)}`);
  }
  const again = made.length > 0 ? `, but for what is made again: ${some(made)}` : '';
  return fine(5, `everything in it is committed${again}`);
}

function nested({ nested: found }: Presence): Finding {
  if (!found.known) return refused(6, 'nested-repo', uncertain(found.why));
  const submodule = found.value.find(({ kind }) => kind === 'submodule');
  if (submodule) return refused(6, 'submodule', `initialised submodule in ${submodule.path}`);
  const repositories = found.value.map(({ path }) => path);
  if (repositories.length > 0) return refused(6, 'nested-repo', `inside: ${some(repositories)}`);
  return fine(6, 'no repository inside');
}

function noHistory({ history }: WorktreeFacts): Finding {
  return refused(7, 'detached-unreachable', uncertain(history.known ? '' : history.why));
}

function historySteps({ head }: WorktreeFacts, history: History): Step[] {
  const branch = head.known ? head.value.branch : null;
  return [
    () => reachable(history, branch),
    () => integrated(history),
    () => pushed(history),
    () => stashed(history),
  ];
}

function reachable({ stray }: History, branch: string | null): Finding {
  if (!stray.known) return refused(7, 'detached-unreachable', uncertain(stray.why));
  if (stray.value > 0) {
    const what = `${commits(stray.value)} that no branch, tag or remote holds`;
    return refused(7, 'detached-unreachable', what);
  }
  return fine(
    7,
    branch === null ? 'detached, at a commit that a ref holds' : `on ${short(branch)}`,
  );
}

function integrated({ own, base, targets, integrated: found, unpushed }: History): Finding {
  if (!own.known) return refused(8, 'unmerged', uncertain(own.why));
  const since = base === null ? 'its start is not known' : `since ${base.oid.slice(0, 10)}`;
  if (own.value === 0) return refused(8, 'fresh-no-commits', `no commit of its own (${since})`);
  if (found !== null) {
    return fine(8, `integrated: ${short(found.target)} holds it (${PROOFS[found.proof]})`);
  }
  const where = targets.known && targets.value.length > 0 ? targets.value.map(short) : ['anything'];
  const what = `not proven to be part of ${where.join(', ')} (${since})`;
  if (unpushed.known && unpushed.value !== null && unpushed.value > 0) {
    const lost = `${commits(unpushed.value)} on no remote`;
    return refused(9, 'unpushed', `${lost}, and ${what}`);
  }
  return refused(8, 'unmerged', what);
}

function pushed({ unpushed }: History): Finding {
  if (!unpushed.known || unpushed.value === null || unpushed.value === 0) {
    return fine(9, 'nothing is waiting to be pushed');
  }
  return fine(9, `${commits(unpushed.value)} on no remote, but integrated`);
}

function stashed({ stashes }: History): Finding {
  if (!stashes.known) return fine(10, `stash entries: ${uncertain(stashes.why)}`);
  if (stashes.value.length === 0) return fine(10, 'no stash entry of this branch');
  return fine(10, `stash entries of this branch stay: ${some(stashes.value)}`);
}

function none(
  step: number,
  reason: Reason,
  found: Fact<string[]>,
  label: string,
  otherwise: string,
): Finding {
  if (!found.known) return refused(step, reason, uncertain(found.why));
  if (found.value.length > 0) return refused(step, reason, `${label}: ${some(found.value)}`);
  return fine(step, otherwise);
}

function refused(step: number, reason: Reason, what: string): Finding {
  return { step, reason, what };
}

function fine(step: number, what: string): Finding {
  return { step, reason: null, what };
}

function uncertain(why: string): string {
  return `cannot tell: ${why}`;
}

const SHOWN = 5;

function some(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function commits(n: number): string {
  return n === 1 ? '1 commit' : `${n} commits`;
}

/** A ref as people write it. */
export function short(ref: string): string {
  return ref.replace(/^refs\/(heads|remotes|tags)\//, '');
}
