import type { Build } from '../../build/schema.ts';
import { openWaits } from '../../build/waits.ts';
import { type AgentProcess, livenessOf } from '../../owner/process.ts';
import { lastSign } from '../abandoned.ts';
import { type OwnerEnd, ownerEndIn } from '../owner-end.ts';
import { candidate, type Judgement, type JudgeOptions, kept } from './judge.ts';
import type { World } from './world.ts';

/** What is known of an open build whose owner is not seen to live. */
export interface BuildFacts {
  owner: OwnerEnd;
  /** What may bring it an owner by itself, what it waits for, and whether a person holds it. */
  expects: string | null;
  waitsFor: string[];
  paused: boolean;
  lastActivityAt: string;
  /** When it was seen to be a candidate before. */
  observedAt: string | null;
}

/** A build that was left behind, with its class. */
export interface BuildItem {
  kind: 'build';
  build: Build;
  facts: BuildFacts;
  judgement: Judgement;
}

/** The open builds that nobody works on any more, and old ones of which that cannot be told. Pure. */
export function buildItems(world: World, options: JudgeOptions): BuildItem[] {
  return world.openBuilds.flatMap((build) => {
    const facts = buildFacts(build, world);
    const judgement = facts && judgeBuild(facts, options);
    return facts && judgement ? [{ kind: 'build' as const, build, facts, judgement }] : [];
  });
}

/** Tells the class of a build, `null` for one that is no leftover: its owner lives, or may live and it is not old. Pure. */
export function judgeBuild(facts: BuildFacts, options: JudgeOptions): Judgement | null {
  const { owner, expects, waitsFor, paused } = facts;
  if (owner.kind === 'alive') return null;
  const doubt = owner.kind === 'unknown' ? owner.why : expects;
  if (doubt !== null) {
    return isOld(facts, options) ? kept('indeterminate', 'liveness-uncertain', doubt) : null;
  }
  if (waitsFor.length > 0) return kept('active', 'live', ...waitsFor);
  if (paused) return kept('retained', 'retained', 'it is paused for a question to a person');
  const why = [`its owner is gone since ${facts.lastActivityAt}`];
  if (options.olderThanMs === null)
    return kept('abandoned', 'newer-than-threshold', ...why, 'no age was given');
  return candidate('abandoned', facts, options, why);
}

function buildFacts(build: Build, world: World): BuildFacts | null {
  const { owner } = build;
  if (owner === null) return null;
  const { at, processes, namespace, machine, observed } = world;
  const liveness = (agent: AgentProcess) =>
    processes === null ? 'unknown' : livenessOf(agent, (pid) => processes.get(pid), namespace);
  const recordOf = (sessionId: string) =>
    world.records.find((record) => record.sessionId === sessionId) ?? null;
  const end = ownerEndIn(owner, { machine, recordOf, livenessOf: liveness });
  const waits = openWaits(build, (process) => liveness(process) !== 'dead', at);
  return {
    owner: end,
    expects: expected(build, world, (agent) => liveness(agent) === 'unknown'),
    waitsFor: waits.map(({ pid }) => `it waits for process ${pid}`),
    paused: build.phase === 'paused',
    lastActivityAt: lastSign(build, end),
    observedAt: observed.get(keyOfBuild(build)) ?? null,
  };
}

/** A session that owned it before owns it again; and a record that cannot be read may be that of the owner. */
function expected(
  { owner }: Build,
  { records, unreadable }: World,
  isUnknown: (agent: AgentProcess) => boolean,
): string | null {
  if (owner?.tmuxName) return `an agent of tmux session ${owner.tmuxName} may become its owner`;
  const former = records.find(
    ({ sessionId, agent }) =>
      owner?.former?.includes(sessionId) === true && agent !== null && isUnknown(agent),
  );
  if (former) return `session ${former.sessionId}, which owned it before, cannot be looked at`;
  return unreadable.length > 0 ? 'a record cannot be read, which may be its owner’s' : null;
}

/** Names a build among the things that were seen before. */
export function keyOfBuild({ id }: Pick<Build, 'id'>): string {
  return `build ${id}`;
}

function isOld({ lastActivityAt }: BuildFacts, { at, olderThanMs }: JudgeOptions): boolean {
  return olderThanMs !== null && Date.parse(at) - Date.parse(lastActivityAt) > olderThanMs;
}
