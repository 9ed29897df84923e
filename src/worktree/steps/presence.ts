import type { Reason } from '../../cleanup/words.ts';
import type { Fact } from '../fact.ts';
import type { Presence } from '../facts/gather.ts';
import { type Finding, fine, refused, type Step, some, uncertain } from './finding.ts';

/** Steps 2 to 6: what may change at any moment. */
export function presenceSteps(facts: Presence): Step[] {
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

function place({ identity, locked, prunable }: Presence): Finding {
  if (locked !== null) return refused(2, 'locked', `it is locked${locked ? `: ${locked}` : ''}`);
  if (prunable !== null) return refused(2, 'disappeared', prunable || 'its directory is gone');
  if (!identity.known) return refused(2, 'disappeared', uncertain(identity.why));
  if (identity.value !== null) return refused(2, 'identity-changed', identity.value);
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
