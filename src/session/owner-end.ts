import type { RecordedOwner } from '../build/start.ts';
import { livenessOn } from '../owner/liveness.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import type { StatePaths } from '../state/paths.ts';
import { readSession } from './store.ts';

/** Whether the owner of a build is still there; `since`: when it was last known to end, ISO 8601, where that is recorded. */
export type OwnerEnd =
  | { kind: 'alive' | 'unknown'; why: string }
  | { kind: 'gone'; why: string; since: string | null };

/** Tells whether an owner has ended. Silence is not death: only a process that is proven dead is gone. */
export function ownerEnd(paths: StatePaths, owner: OwnerStamp): OwnerEnd {
  const record = owner.sessionId === null ? null : readSession(paths, owner.sessionId);
  // A session that was resumed elsewhere is where its record says.
  const known = [owner, record].flatMap((one) =>
    one?.agent ? [{ agent: one.agent, lives: livenessOn(one.machine, one.agent) }] : [],
  );
  const alive = known.find(({ lives }) => lives === 'alive');
  if (alive) return { kind: 'alive', why: `its process ${alive.agent.pid} runs` };
  if (record?.daemon && livenessOn(record.machine, record.daemon) !== 'dead') {
    return {
      kind: 'unknown',
      why: `the daemon ${record.daemon.pid} that ran it serves others too`,
    };
  }
  if (record?.daemon) return ended(record);
  if (owner.sessionId === null && owner.agent === null) {
    return { kind: 'unknown', why: `no agent of tmux session ${owner.tmuxName} was found yet` };
  }
  if (known.length === 0) return { kind: 'unknown', why: 'no process of it is recorded' };
  if (known.some(({ lives }) => lives === 'unknown'))
    return { kind: 'unknown', why: 'its process cannot be looked at' };
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
