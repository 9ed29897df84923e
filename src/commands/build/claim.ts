import { claim } from '../../build/change.ts';
import { registerPlace } from '../../build/place.ts';
import type { Build } from '../../build/schema.ts';
import { stampOf } from '../../build/start.ts';
import { updateBuild, withBuildsLock } from '../../build/store.ts';
import { StopgateError } from '../../errors.ts';
import { agentAbove } from '../../owner/agent.ts';
import { assess } from '../../owner/assess.ts';
import { ancestors } from '../../owner/process.ts';
import { ownerEnd, recordedOwner } from '../../session/owner-end.ts';
import { type Context, contextOfChange, LOCK_MS } from '../context.ts';
import { print, printError } from '../print.ts';
import { emptyOwners, type OwnerFlags, refuseRival } from './owner-flags.ts';
import { ownerText } from './show.ts';

interface Flags extends OwnerFlags {
  force?: boolean;
}

/** `build claim ID`: the caller, or the owner that a flag names, takes up a build whose owner is gone. */
export function claimBuild(id: string, flags: Flags): void {
  const ctx = contextOfChange(flags);
  const { paths, me, lineageOf, at } = ctx;
  for (const note of emptyOwners(flags)) printError(note);
  const owner = stampOf(flags, me, recordedOwner(paths), at);
  const isNamed = Boolean(flags.ownerSession || flags.ownerTmux);
  withBuildsLock(paths, LOCK_MS, () => {
    let isOwners = false;
    const build = updateBuild(paths, id, LOCK_MS, (fresh) => {
      isOwners = !isNamed && assess(fresh, me, lineageOf).answer === 'owner';
      if (isOwners) return fresh;
      refuseHeld(fresh, ctx, isNamed, flags.force === true);
      refuseRival(paths, owner, me, lineageOf);
      const claimed = claim(fresh, owner, at);
      return owner.sessionId === me.sessionId ? registerPlace(claimed, me.cwd) : claimed;
    });
    print(
      isOwners
        ? `build ${id} is this session's already`
        : `build ${id} claimed in phase ${build.phase}, owned by ${ownerText(build)}`,
    );
  });
}

/** A living owner keeps its build, unless a person at a terminal hands it over by name. */
function refuseHeld(build: Build, { paths }: Context, isNamed: boolean, force: boolean): void {
  if (build.owner === null) return;
  const end = ownerEnd(paths, build.owner);
  if (end.kind === 'gone') return;
  const isPerson = agentAbove(ancestors(process.pid)) === null;
  const who = ownerText(build);
  if (end.kind === 'alive') {
    if (isPerson && isNamed) return;
    throw new StopgateError(
      'owner-alive',
      `Build ${build.id} belongs to ${who}, which is alive: ${end.why}.`,
      {
        hint: 'Its owner gives it up with: stopgate build release. A person hands it over in a terminal of their own: stopgate build claim <id> --owner-session <id>',
      },
    );
  }
  if (isPerson && force) return;
  throw new StopgateError(
    'owner-unknown',
    `Build ${build.id} belongs to ${who}, and nothing can tell whether that has ended: ${end.why}.`,
    {
      hint: 'If it has, a person says so in a terminal of their own: stopgate build claim <id> --force --owner-session <id>',
    },
  );
}
