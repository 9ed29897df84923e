import { MAX_STREAK } from '../../build/budget.ts';
import { renew } from '../../build/change.ts';
import { findBuild } from '../../build/find.ts';
import type { Build } from '../../build/schema.ts';
import { StopgateError } from '../../errors.ts';
import { agentAbove } from '../../owner/agent.ts';
import { isBefore, latest, momentNow } from '../../owner/moment.ts';
import { ancestors } from '../../owner/process.ts';
import { readSession } from '../../session/store.ts';
import { type Context, contextOfChange } from '../context.ts';
import { print } from '../print.ts';
import { update } from './update.ts';

/**
 * `build renew`: from a person's terminal always; inside a host once for each prompt of a person that came after the
 * budget was spent, so that an agent never renews its own.
 */
export function renewBuild(id: string | undefined): void {
  const ctx = contextOfChange();
  const { build } = findBuild(ctx.paths, ctx.me, ctx.lineageOf, id);
  const isAgents = agentAbove(ancestors(process.pid)) !== null;
  const { spent, limit, streak } = build.budget;
  if (isAgents && spent < limit && streak < MAX_STREAK) {
    return print(`build ${build.id}: nothing to renew, ${spent} of ${limit} reminders are spent`);
  }
  if (isAgents && !wasAsked(build, ctx)) throw notAsked(build);
  const after = update(ctx, id, (fresh, at) => renew(fresh, at, momentNow()));
  print(`build ${build.id}: renewed, ${after.budget.limit} reminders`);
}

/** True when a person wrote a prompt after the budget was spent, and none was renewed since that prompt. */
function wasAsked({ budget }: Build, { paths, me }: Context): boolean {
  const promptedAt =
    me.sessionId === null ? undefined : readSession(paths, me.sessionId)?.promptedAt;
  const since = latest([budget.cappedAt, budget.renewedAt]);
  return promptedAt !== undefined && since !== null && !isBefore(promptedAt, since);
}

function notAsked({ id }: Build): StopgateError {
  return new StopgateError(
    'not-asked',
    `The budget of build ${id} is spent, and no prompt of a person came since: an agent does not renew its own.`,
    { hint: `A person can: stopgate build renew --build ${id}, in a terminal of their own` },
  );
}
