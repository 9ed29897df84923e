import type { RecordedOwner } from '../build/start.ts';
import { livenessOn } from '../owner/liveness.ts';
import { machineId } from '../owner/machine.ts';
import { type AgentProcess, type Liveness, livenessOf } from '../owner/process.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import type { StatePaths } from '../state/paths.ts';
import type { SessionRecord } from './schema.ts';
import { readSession } from './store.ts';

/** Whether the owner of a build is still there; `since`: when it was last known to end, ISO 8601, where that is recorded. */
export type OwnerEnd =
  | { kind: 'alive' | 'unknown'; why: string }
  | { kind: 'gone'; why: string; since: string | null };

/** What one look at this machine tells of sessions and processes. */
export interface EndLook {
  machine: string;
  recordOf: (sessionId: string) => SessionRecord | null;
  livenessOf: (agent: AgentProcess) => Liveness;
}

/** Tells whether an owner has ended. Silence is not death: only a process that is proven dead is gone. */
export function ownerEnd(paths: StatePaths, owner: OwnerStamp): OwnerEnd {
  return ownerEndIn(owner, {
    machine: machineId(),
    recordOf: (sessionId) => readSession(paths, sessionId),
    livenessOf: (agent) => livenessOf(agent),
  });
}

/** Like {@link ownerEnd}, by what one look found. Pure. A former owner that runs owns the build again (row 2). */
export function ownerEndIn(owner: OwnerStamp, look: EndLook): OwnerEnd {
  const end = endOf(owner, look);
  if (end.kind !== 'gone') return end;
  const others = (owner.former ?? []).filter((sessionId) => sessionId !== owner.sessionId);
  for (const sessionId of others) {
    const agent = look.recordOf(sessionId)?.agent ?? null;
    if (agent !== null && look.livenessOf(agent) === 'alive')
      return { kind: 'alive', why: `session ${sessionId}, which owned it before, runs` };
  }
  return end;
}

function endOf(owner: OwnerStamp, { machine, recordOf, livenessOf }: EndLook): OwnerEnd {
  const record = owner.sessionId === null ? null : recordOf(owner.sessionId);
  const isHere = (one: { machine: string } | null) => one?.machine === machine;
  // A session that was resumed elsewhere is where its record says.
  const known = [
    isHere(owner) ? owner.agent : null,
    isHere(record) ? (record?.agent ?? null) : null,
  ].filter((agent) => agent !== null);
  const lives = known.map(livenessOf);
  const alive = known[lives.indexOf('alive')];
  if (alive) return { kind: 'alive', why: `its process ${alive.pid} runs` };
  if (!isHere(owner) || (record !== null && !isHere(record)))
    return { kind: 'unknown', why: 'it was last seen on another machine' };
  if (record?.daemon && livenessOf(record.daemon) !== 'dead') {
    return {
      kind: 'unknown',
      why: `the daemon ${record.daemon.pid} that ran it serves others too`,
    };
  }
  if (lives.includes('unknown')) return { kind: 'unknown', why: 'its process cannot be looked at' };
  if (record?.daemon) return ended(record);
  if (owner.sessionId === null && owner.agent === null) {
    return { kind: 'unknown', why: `no agent of tmux session ${owner.tmuxName} was found yet` };
  }
  if (known.length === 0) return { kind: 'unknown', why: 'no process of it is recorded' };
  return ended(record);
}

function ended(record: { endedAt: string | null; lastActivityAt: string } | null): OwnerEnd {
  return {
    kind: 'gone',
    why: 'its process has ended',
    since: record?.endedAt ?? record?.lastActivityAt ?? null,
  };
}

/** Returns what looks up the host, process and pane that are recorded of a live session. */
export function recordedOwner(paths: StatePaths): RecordedOwner {
  return (sessionId) => {
    const record = readSession(paths, sessionId);
    if (record === null || record.status !== 'live') return null;
    const { host, agent, pane, machine } = record;
    return livenessOn(machine, agent) === 'alive'
      ? { host, agent, pane }
      : { host, agent: null, pane: null };
  };
}
