import { ownedBuild } from '../build/gate.ts';
import { dropKeys } from '../build/keyed.ts';
import { agentKey, roomKeys } from '../build/keys.ts';
import { buildsOfGone, hasRooms, keysOfCaller, openBuilds } from '../build/named.ts';
import type { Build } from '../build/schema.ts';
import { updateBuild } from '../build/store.ts';
import { takeOver } from '../build/take-over.ts';
import { assess, identifyFor } from '../owner/assess.ts';
import { isInRepository } from '../owner/checkout.ts';
import { type Identity, type IdentityInput, identify, withPane } from '../owner/identity.ts';
import { livenessOn } from '../owner/liveness.ts';
import { isSameAgent, type Match } from '../owner/match.ts';
import { momentNow } from '../owner/moment.ts';
import { type AgentProcess, ancestors, sameProcess } from '../owner/process.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import { paneClaim } from '../owner/tmux.ts';
import type { StatePaths } from '../state/paths.ts';
import { lineages, type Occasion } from './lineage.ts';
import type { SessionRecord } from './schema.ts';
import { changeSession, readSession } from './store.ts';

const GONE_AT_ONCE = 50;

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
  const { me, open } = lookUp(paths, input);
  const above = [...(mine?.above ?? []), ...stampedAbove(open, input.pid)];
  const occasion: Occasion =
    source === undefined ? { at: 'later' } : { at: 'start', source, above };
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

/**
 * Finds who starts, and the open builds that could be its own or belonged in its place. tmux is asked first where the
 * name of its session may lead to a build, else only as far as the ladder needs it.
 */
function lookUp(paths: StatePaths, input: IdentityInput): { me: Identity; open: Build[] } {
  const known = identify(input);
  const me = paneClaim(input.env) && hasRooms(paths) ? withPane(known, input) : known;
  const open = openBuilds(paths, [
    ...keysOfCaller({ sessionId: input.sessionId ?? '', env: input.env }),
    ...ancestors(input.pid).map(({ pid }) => agentKey(pid)),
    ...(me.pane ? roomKeys(me.pane) : []),
  ]);
  return { me: me.pane ? me : identifyFor(open, input, true), open };
}

function stampedAbove(open: readonly Build[], pid: number): AgentProcess[] {
  const chain = ancestors(pid);
  return open.flatMap(({ owner }) => {
    const agent = owner?.agent;
    return agent && chain.some((one) => sameProcess(one, agent)) ? [{ ...agent }] : [];
  });
}

/**
 * Writes down that stamped agents were found gone, so that whoever starts from now on can be their heir: of this place
 * every one, of all others some at each start. A process that is gone is looked for only once.
 */
function noteGone(paths: StatePaths, open: readonly Build[], me: Identity, waitMs: number): void {
  for (const build of [...open, ...buildsOfGone(paths, GONE_AT_ONCE)]) {
    const { id, owner } = build;
    if (!owner?.agent || owner.sessionId === me.sessionId) continue;
    const { agent, sessionId, machine } = owner;
    if (livenessOn(machine, agent) !== 'dead') continue;
    noteOne(paths, sessionId, agent, waitMs);
    dropKeys(paths, id, [agentKey(agent.pid)]);
  }
}

function noteOne(
  paths: StatePaths,
  sessionId: string | null,
  agent: AgentProcess,
  waitMs: number,
): void {
  const record = sessionId === null ? null : readSession(paths, sessionId);
  if (sessionId === null || record === null || !needsNote(record, agent)) return;
  const goneSeenAt = momentNow();
  changeSession(paths, sessionId, waitMs, (fresh) =>
    needsNote(fresh, agent) ? { ...fresh, goneSeenAt } : fresh,
  );
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
