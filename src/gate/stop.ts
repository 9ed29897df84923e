import { disarmId, isArmed } from '../build/armed.ts';
import { checked } from '../build/change.ts';
import { type Candidate, type Decision, decide, ownedBuild, type Stop } from '../build/gate.ts';
import { headOf } from '../build/head.ts';
import type { Key } from '../build/keys.ts';
import { anyArmed, idsNamed, keysAround, keysOfCaller, someUnder } from '../build/named.ts';
import { registerPlace } from '../build/place.ts';
import type { Build, FailedCheck } from '../build/schema.ts';
import { disarmOrphan, readBuild, updateBuild } from '../build/store.ts';
import { takeOver } from '../build/take-over.ts';
import { messageOf } from '../errors.ts';
import type { HookEvent } from '../hosts/host.ts';
import { assess, identifyFor, type LineageOf } from '../owner/assess.ts';
import { checkoutOf, isInCheckout } from '../owner/checkout.ts';
import type { Identity } from '../owner/identity.ts';
import { momentNow } from '../owner/moment.ts';
import { mayBeAlive } from '../owner/process.ts';
import { hasStart, lineages } from '../session/lineage.ts';
import type { SessionRecord } from '../session/schema.ts';
import type { ReadState } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Verdict } from '../verdict.ts';
import { isAwaited } from './waiting.ts';

/** A hook waits this long for another process's write of the same build, then gives up and approves. */
const LOCK_MS = 300;

/** What a gate would say of a stop as the state is now; nothing is written yet. */
export interface Judgement {
  decision: Decision;
  /** Whoever asks owns this build: the verdict is settled before it is spoken ({@link settleStop}). */
  owned: Candidate | null;
  /** A build is the session's own, or open in its checkout: no other gate judges this stop. */
  covered: boolean;
  /** What was met on the way that a person should hear of. */
  notes: string[];
  me: Identity;
  stop: Stop;
  lineageOf: LineageOf;
}

/** Of a checkout with more builds than this, so many are looked at. */
const AROUND = 8;

/**
 * Judges one stop against every build that the session could own, and writes nothing. Of others it reads so many as the
 * verdict has to tell of. `record` is what is kept of the session, if anything.
 */
export function judgeStop(
  event: HookEvent,
  paths: StatePaths,
  record: SessionRecord | null,
  env: Readonly<Record<string, string | undefined>> = process.env,
  waiting = isAwaited(event),
): Judgement {
  const notes: string[] = [];
  const failures: string[] = [];
  const keys = keysOfCaller({ sessionId: event.sessionId, env });
  const places = keysAround(event.cwd);
  const read = (ids: readonly string[]) =>
    readBuilds(paths, ids, [...keys, ...places], notes, failures);
  const named = idsNamed(paths, keys);
  const around = someUnder(paths, places, AROUND).filter((id) => !named.includes(id));
  const mine = read(named);
  const here = read(around).filter(isArmed);
  const builds = mine.length + here.length > 0 ? [...mine, ...here] : read(anyArmed(paths));
  const stop: Stop = {
    fromSubagent: event.agentId !== null || event.name !== 'Stop',
    waiting,
    isAlive: mayBeAlive,
    head: headOf,
    at: new Date().toISOString(),
    moment: momentNow(),
    place: checkoutOf(event.cwd),
  };
  const { host, sessionId, cwd } = event;
  const input = { host, sessionId, cwd, env, pid: process.pid };
  const me = identifyFor(builds, input, !hasStart(record));
  const lineageOf = lineages(paths, record, { at: 'later' });
  const candidates = builds.map((build) => ({ build, match: assess(build, me, lineageOf) }));
  const found = ownedBuild(candidates);
  if (found === null && failures.length > 0) throw new Error(failures.join('; '));
  const covers = (build: Build) => isArmed(build) && isInCheckout(cwd, build.checkouts);
  const covered = found !== null || builds.some(covers);
  return {
    decision: decide(found === null ? candidates : [found], stop),
    owned: stop.fromSubagent ? null : found,
    covered: covered || stop.fromSubagent,
    notes,
    me,
    stop,
    lineageOf,
  };
}

/** What lets a block be spoken: `null`, or else the verdict that takes its place. */
export type Refuse = () => Verdict | null;

/**
 * Decides again on the owner's build as it is now, with what its checks came to (`undefined`: none ran), and writes it
 * before the verdict is spoken. A block that is refused costs the build nothing.
 */
export function settleStop(
  judgement: Judgement & { owned: Candidate },
  paths: StatePaths,
  refuse: Refuse,
  failed?: FailedCheck | null,
): Judgement {
  const { owned, me, stop, lineageOf } = judgement;
  let { decision } = judgement;
  updateBuild(paths, owned.build.id, LOCK_MS, (fresh) => {
    const build = failed === undefined ? fresh : checked(fresh, failed, stop.at);
    const candidate = { build, match: assess(build, me, lineageOf) };
    decision = decide([candidate], stop);
    const refused = decision.verdict.decision === 'block' ? refuse() : null;
    if (refused !== null) decision = { verdict: refused, candidate, save: null };
    const next = decision.save ?? fresh;
    const taken = takeOver(next, me, candidate.match, stop.at);
    return decision.save === null ? taken : registerPlace(taken, me.cwd);
  });
  return { ...judgement, decision };
}

function readBuilds(
  paths: StatePaths,
  ids: readonly string[],
  keys: readonly Key[],
  notes: string[],
  failures: string[],
): Build[] {
  return ids.flatMap((id) => {
    const found = readQuietly(paths, id);
    switch (found.kind) {
      case 'value':
        return [found.value];
      case 'corrupt':
        if (found.setAside !== null) disarmId(paths, id);
        notes.push(`build ${id} is corrupt: ${found.why}`);
        return [];
      case 'newer':
        notes.push(`build ${id} has schema ${found.schema}, of a newer stopgate`);
        return [];
      case 'unreadable':
        failures.push(`build ${id} cannot be read: ${found.why}`);
        return [];
      case 'missing':
        disarmOrphan(paths, id, keys);
        return [];
      default:
        return found satisfies never;
    }
  });
}

/** One file that cannot be read must not let the owners of the others go. */
function readQuietly(
  paths: StatePaths,
  id: string,
): ReadState<Build> | { kind: 'unreadable'; why: string } {
  try {
    return readBuild(paths, id);
  } catch (error) {
    return { kind: 'unreadable', why: messageOf(error) };
  }
}
