import type { LineageOf } from '../owner/assess.ts';
import type { Identity } from '../owner/identity.ts';
import { DECIDED, type Lineage, restartOf } from '../owner/lineage.ts';
import { livenessOn } from '../owner/liveness.ts';
import { isSameTmuxSession } from '../owner/match.ts';
import {
  isBefore,
  isOtherBoot,
  latest,
  type Moment,
  momentNow,
  momentOf,
} from '../owner/moment.ts';
import { type AgentProcess, type Liveness, sameProcess } from '../owner/process.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import type { StatePaths } from '../state/paths.ts';
import type { SessionRecord } from './schema.ts';
import { listSessions, readSession } from './store.ts';

/**
 * When the ladder looks: at SessionStart or the first prompt after it, where places count, or at any later time.
 * `above`: the stamped agents that ran above the session when it started.
 */
export type Occasion =
  | { at: 'start'; source: string | null; above: readonly AgentProcess[] }
  | { at: 'later' };

/**
 * Returns what looks up lineages for one asking session. `mine` is its record as it was before this event, `null` for
 * none. A session whose start is recorded had its place judged then; of one without, only the stamped pane counts.
 */
export function lineages(
  paths: StatePaths,
  mine: SessionRecord | null,
  occasion: Occasion,
  now: () => Moment = momentNow,
): LineageOf {
  let all: SessionRecord[] | undefined;
  const records = () => {
    all ??= listSessions(paths);
    return all;
  };
  return (stamp, me, agent) => {
    const owner = stamp.sessionId === null ? null : readSession(paths, stamp.sessionId);
    const stamped = stampedLiveness(owner);
    // A session that goes on in another process than the stamped one has not ended with that.
    const hasEnded = agent === 'dead' && stamped !== 'alive';
    if (occasion.at === 'later') {
      const restart = hasStart(mine) ? 'decided' : restartLater(stamp, owner, me, hasEnded);
      return { ...DECIDED, restart, stamped };
    }
    return { ...lineageAtStart(stamp, owner, me, hasEnded, mine, occasion, records, now), stamped };
  };
}

/** True when a hook saw the session start: its place was judged then. */
export function hasStart(record: SessionRecord | null): boolean {
  return record?.startSeenAt !== undefined;
}

/** A session that nothing was ever recorded of does not run, as far as anybody can tell. */
function stampedLiveness(owner: SessionRecord | null): Liveness {
  if (owner === null) return 'dead';
  return livenessOn(owner.machine, owner.agent ?? owner.daemon ?? null);
}

function restartLater(
  stamp: OwnerStamp,
  owner: SessionRecord | null,
  me: Identity,
  hasEnded: boolean,
): Lineage['restart'] {
  if (!hasEnded) return 'beside';
  const lastSeen = latest([stamp.seenAt, owner?.seenAt, owner?.endSeenAt]);
  return restartOf({
    agent: me.agent,
    owner: stamp.agent,
    startRecorded: false,
    above: false,
    ended: null,
    lastSeen,
  });
}

function lineageAtStart(
  stamp: OwnerStamp,
  owner: SessionRecord | null,
  me: Identity,
  hasEnded: boolean,
  mine: SessionRecord | null,
  occasion: Extract<Occasion, { at: 'start' }>,
  records: () => SessionRecord[],
  now: () => Moment,
): Omit<Lineage, 'stamped'> {
  const cleared = occasion.source === 'clear' && isNewestOf(stamp, me, records());
  if (!hasEnded) return { cleared, restart: 'beside', alone: false };
  const ended = endOfBoot(stamp.agent, me.agent) ?? endOf(stamp, owner, records()) ?? now();
  const above = occasion.above.some((one) => sameProcess(one, stamp.agent));
  if (wasThere(mine, me, stamp, records())) return { cleared, restart: 'beside', alone: false };
  const restart = restartOf({
    agent: me.agent,
    owner: stamp.agent,
    startRecorded: true,
    above,
    ended,
    lastSeen: null,
  });
  const alone = restart === 'after' && isAlone(stamp, me, ended, records());
  return { cleared, restart, alone };
}

/** True when the session goes on from another process, and that one may have run beside the owner: it is no restart. */
function wasThere(
  mine: SessionRecord | null,
  me: Identity,
  { agent }: OwnerStamp,
  records: readonly SessionRecord[],
): boolean {
  if (!wentOn(mine, me)) return false;
  const ended = processEnd(mine.agent, records) ?? mine.goneSeenAt;
  const began = agent && momentOf(agent.start);
  return !ended || !began || !isBefore(ended, began);
}

/** True when a session was recorded in another process before. */
export function wentOn(mine: SessionRecord | null, { agent }: Identity): mine is SessionRecord {
  return mine !== null && mine.agent !== null && !sameProcess(mine.agent, agent);
}

/** When the stamped agent had ended at the latest, as far as that is recorded. */
function endOf(
  { agent }: OwnerStamp,
  owner: SessionRecord | null,
  records: SessionRecord[],
): Moment | null {
  const seen = owner !== null && sameProcess(owner.agent, agent) ? owner.goneSeenAt : null;
  return processEnd(agent, records) ?? seen ?? null;
}

/** What ran before the machine was started anew had ended by then: its own start is early enough to say so. */
function endOfBoot(stamped: AgentProcess | null, asking: AgentProcess | null): Moment | null {
  const [before, now] = [stamped, asking].map((agent) => agent && momentOf(agent.start));
  return before && now && isOtherBoot(before, now) ? before : null;
}

/**
 * When a process said that it ends: by the SessionEnd of the session that was last active in it. One that was left by
 * clear or resume goes on, and of a session that was left long ago Codex tells the end at any time (docs/hosts.md).
 */
export function processEnd(
  agent: AgentProcess | null,
  records: readonly SessionRecord[],
): Moment | null {
  const last = newestOf(records.filter((record) => sameProcess(record.agent, agent)));
  if (last === null || wasLeft(last)) return null;
  return last.endSeenAt ?? null;
}

/** The record that was active last; `null` when two were, or none. */
function newestOf(records: readonly SessionRecord[]): SessionRecord | null {
  const newest = latest(records.map(activeAt));
  const [last = null, another] = records.filter((record) => activeAt(record) === newest);
  return newest === null || another !== undefined ? null : last;
}

/** An end by clear or resume comes at once; any other end may be told of a session that was left long ago. */
function activeAt(record: SessionRecord): Moment | null {
  return latest([record.seenAt, wasLeft(record) ? record.endSeenAt : null]);
}

function wasLeft({ endReason }: SessionRecord): boolean {
  return endReason === 'clear' || endReason === 'resume';
}

/** True when the stamped session is the newest that its process was in, but for the asking one. */
function isNewestOf(stamp: OwnerStamp, me: Identity, records: SessionRecord[]): boolean {
  const ofProcess = records.filter(
    ({ agent, sessionId }) => sameProcess(agent, me.agent) && sessionId !== me.sessionId,
  );
  const last = newestOf(ofProcess);
  return last !== null && last.sessionId === stamp.sessionId;
}

/** When a tmux server ends, its agents end one after another; whoever is the last of them was not alone. */
const TOGETHER_SECONDS = 60;

/** True when no other recorded agent was in the stamped tmux session when the owner ended, or shortly before. */
function isAlone(
  stamp: OwnerStamp,
  me: Identity,
  ended: Moment,
  records: SessionRecord[],
): boolean {
  const owners = new Set([stamp.sessionId, ...(stamp.former ?? []), me.sessionId]);
  return !records.some((record) => {
    if (owners.has(record.sessionId) || sameProcess(record.agent, stamp.agent)) return false;
    if (isElsewhere(record, stamp) || !isSameTmuxSession(record.pane, stamp.pane)) return false;
    const end = processEnd(record.agent, records) ?? record.goneSeenAt ?? null;
    return end === null || !isBefore(end, ended, -TOGETHER_SECONDS);
  });
}

/** Another machine or container has tmux sessions of its own, whatever their sockets and names are. */
function isElsewhere(record: SessionRecord, { machine, agent }: OwnerStamp): boolean {
  const namespaces = [record.agent, agent].flatMap((one) => one?.namespace ?? []);
  return record.machine !== machine || new Set(namespaces).size > 1;
}
