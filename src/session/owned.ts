import { allBuilds } from '../build/find.ts';
import { ownedBuild } from '../build/gate.ts';
import { isTerminal } from '../build/phases.ts';
import type { Build } from '../build/schema.ts';
import { updateBuild } from '../build/store.ts';
import { takeOver } from '../build/take-over.ts';
import { assess, identifyFor } from '../owner/assess.ts';
import { isInRepository } from '../owner/checkout.ts';
import type { Identity, IdentityInput } from '../owner/identity.ts';
import { livenessOn } from '../owner/liveness.ts';
import { isSameAgent, type Match } from '../owner/match.ts';
import { momentNow } from '../owner/moment.ts';
import { type AgentProcess, ancestors, sameProcess } from '../owner/process.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import type { StatePaths } from '../state/paths.ts';
import { lineages, type Occasion } from './lineage.ts';
import type { SessionRecord } from './schema.ts';
import { changeSession, readSession } from './store.ts';

/** What a session that starts takes with it: who it is, and the unfinished build that is its own. */
export interface Claim {
  me: Identity;
  build: Build | null;
  match: Match | null;
  /** The stamp of the owner that it took the build over from, `null` when it was the owner already. */
  from: OwnerStamp | null;
  /** Open builds of this place whose owner is dead, which nothing proves to be this session's. */
  orphans: Build[];
  /** The stamped agents of open builds that run above it. */
  above: AgentProcess[];
}

/**
 * Finds the unfinished build of a session that starts, and stamps it with the session's id, process and pane of now:
 * a session that was cleared, resumed or restarted stays the owner, and its old place no longer proves anything.
 */
export function claimOwn(
  paths: StatePaths,
  input: IdentityInput,
  mine: SessionRecord | null,
  source: string | null | undefined,
  waitMs: number,
): Claim {
  const open = allBuilds(paths).filter(({ phase, owner }) => !isTerminal(phase) && owner !== null);
  const above = [...(mine?.above ?? []), ...stampedAbove(open, input.pid)];
  const occasion: Occasion =
    source === undefined ? { at: 'later' } : { at: 'start', source, above };
  const me = identifyFor(open, input, true);
  const lineageOf = lineages(paths, mine, occasion);
  const candidates = open.map((build) => ({ build, match: assess(build, me, lineageOf) }));
  noteGone(paths, open, me, waitMs);
  const owned = ownedBuild(candidates);
  if (owned === null) {
    const orphans = occasion.at === 'start' ? candidates.filter(isOrphanHere(me)) : [];
    return {
      me,
      build: null,
      match: null,
      from: null,
      orphans: orphans.map((one) => one.build),
      above,
    };
  }
  let from: OwnerStamp | null = null;
  let { match } = owned;
  const build = updateBuild(paths, owned.build.id, waitMs, (fresh) => {
    match = assess(fresh, me, lineageOf);
    const taken = takeOver(fresh, me, match, new Date().toISOString());
    if (taken !== fresh && fresh.owner?.sessionId !== me.sessionId) from = fresh.owner;
    return taken;
  });
  return { me, build, match, from, orphans: [], above };
}

function stampedAbove(open: readonly Build[], pid: number): AgentProcess[] {
  const chain = ancestors(pid);
  return open.flatMap(({ owner }) => {
    const agent = owner?.agent;
    return agent && chain.some((one) => sameProcess(one, agent)) ? [{ ...agent }] : [];
  });
}

/** Writes down that a stamped agent was found gone, so that whoever starts from now on can be its heir. */
function noteGone(paths: StatePaths, open: readonly Build[], me: Identity, waitMs: number): void {
  for (const { owner } of open) {
    if (!owner?.sessionId || owner.sessionId === me.sessionId) continue;
    const { agent, sessionId, machine } = owner;
    if (livenessOn(machine, agent) !== 'dead') continue;
    const record = readSession(paths, sessionId);
    if (record === null || !needsNote(record, agent)) continue;
    const goneSeenAt = momentNow();
    changeSession(paths, sessionId, waitMs, (fresh) =>
      needsNote(fresh, agent) ? { ...fresh, goneSeenAt } : fresh,
    );
  }
}

function needsNote(record: SessionRecord, gone: AgentProcess | null): boolean {
  const { agent, goneSeenAt } = record;
  return !goneSeenAt && sameProcess(agent, gone);
}

/** In the pane or tmux session of a dead owner, in its repository, and without the facts that make an heir. */
function isOrphanHere(me: Identity) {
  return ({ build, match }: { build: Build; match: Match }): boolean => {
    const { owner, checkouts } = build;
    if (owner === null || (match.row !== 4 && match.row !== 7) || isSameAgent(owner, me))
      return false;
    return livenessOn(owner.machine, owner.agent) === 'dead' && isInRepository(me.cwd, checkouts);
  };
}
