import type { History, WorktreeFacts } from '../facts/gather.ts';
import { PROOFS } from '../integration/prove.ts';
import {
  commits,
  type Finding,
  fine,
  refused,
  type Step,
  short,
  some,
  uncertain,
} from './finding.ts';

/** Steps 7 to 10: where the commits are. */
export function historySteps(facts: WorktreeFacts): Step[] {
  const { history } = facts;
  return history.known ? knownSteps(facts, history.value) : [() => noHistory(history.why)];
}

function noHistory(why: string): Finding {
  return refused(7, 'detached-unreachable', uncertain(why));
}

function knownSteps({ head }: WorktreeFacts, history: History): Step[] {
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
