import { livenessOf, sameProcess } from '../../owner/process.ts';
import type { PaneStamp } from '../../owner/stamp.ts';
import type { TmuxServer, TmuxSession } from '../../tmux/lists.ts';
import type { ServerAnswer } from '../../tmux/snapshot.ts';
import type { Launch } from '../launch.ts';
import type { SessionRecord } from '../schema.ts';
import type { Trouble } from './judge.ts';
import type { World } from './world.ts';

/** Where the tmux session of a stamp is now. */
export type Place =
  | { kind: 'there'; server: TmuxServer; session: TmuxSession }
  | { kind: 'gone'; why: string }
  | { kind: 'unknown'; trouble: Trouble };

/** Looks a stamp up by socket, server, `$id` and creation, never by name. */
export function placeOf(pane: PaneStamp, world: World): Place {
  const answer = world.servers.find(({ socket }) => socket === pane.socket);
  if (answer === undefined)
    return unknown('tmux-unavailable', `the server at ${pane.socket} was not asked`);
  if (answer.kind === 'unknown') return unknown(answer.reason, troubleText(answer));
  if (answer.kind === 'facts' && isServer(answer.server, pane)) {
    const { server } = answer;
    const session = server.sessions.find(({ id }) => id === pane.sessionId);
    if (session?.created === pane.sessionCreated) return { kind: 'there', server, session };
    return { kind: 'gone', why: `its server answered, and ${pane.sessionId} is not there` };
  }
  const what = answer.kind === 'none' ? 'no server' : 'another server';
  return lostServer(pane, world, `${what} is at ${pane.socket}`);
}

/** A server whose socket was taken away or over may live on: only its process tells. */
function lostServer(pane: PaneStamp, world: World, what: string): Place {
  if (world.processes === null)
    return unknown('liveness-uncertain', 'the process table cannot be read');
  if (world.namespace !== null && pane.namespace !== world.namespace)
    return unknown('liveness-uncertain', `${what}, and its process cannot be seen from here`);
  const process = world.processes.get(pane.serverPid);
  if (process === undefined)
    return unknown(
      'liveness-uncertain',
      `${what}, and its process ${pane.serverPid} cannot be read`,
    );
  if (process?.name.startsWith('tmux'))
    return unknown('server-changed', `${what}, and process ${pane.serverPid} is still a tmux`);
  return { kind: 'gone', why: `${what}, and its server's process is gone` };
}

export function troubleText({
  socket,
  detail,
}: Extract<ServerAnswer, { kind: 'unknown' }>): string {
  return `${socket}: ${detail}`;
}

function isServer(server: TmuxServer, pane: PaneStamp): boolean {
  return server.pid === pane.serverPid && server.start === pane.serverStart;
}

function unknown(reason: Trouble['reason'], why: string): Place {
  return { kind: 'unknown', trouble: { reason, why } };
}

/** What the registry holds of one tmux session. */
export interface Tied {
  /** The records that speak for it: those whose agent is not proven gone, else the newest one. */
  records: SessionRecord[];
  launch: Launch | null;
}

/** Which entries belong to which tmux session of ours. What is not in the map stands for itself. */
export function tie(world: World): Map<TmuxSession, Tied> {
  const ties = new Map<TmuxSession, Tied>();
  const at = (session: TmuxSession) => {
    const tied = ties.get(session) ?? { records: [], launch: null };
    ties.set(session, tied);
    return tied;
  };
  for (const record of world.records) {
    const session = ourSession(record.pane, record.machine, world);
    if (session) at(session).records.push(record);
  }
  for (const launch of world.launches) {
    const session = ourSession(launch.pane, launch.machine, world);
    if (session?.mark === launch.mark) at(session).launch = launch;
  }
  for (const tied of ties.values()) tied.records = speaking(tied.records, world);
  return ties;
}

function ourSession(
  pane: PaneStamp | null,
  machine: string,
  world: World,
): (TmuxSession & { mark: string }) | null {
  if (pane === null || machine !== world.machine) return null;
  const place = placeOf(pane, world);
  if (place.kind !== 'there' || place.session.mark === null) return null;
  return place.session as TmuxSession & { mark: string };
}

function speaking(records: SessionRecord[], world: World): SessionRecord[] {
  const living = records.filter(
    (record) => agentOf(record, world) !== 'dead' && !isSuperseded(record, world),
  );
  if (living.length > 0) return living;
  return records.toSorted((a, b) => b.lastActivityAt.localeCompare(a.lastActivityAt)).slice(0, 1);
}

/**
 * Whether the agent process of an entry lives, by pid and start time. A session in Codex's shared daemon has none of
 * its own: it is gone with the daemon, and while that lives nothing is known.
 */
export function agentOf(
  { agent, daemon }: Pick<SessionRecord, 'agent' | 'daemon'>,
  { processes, namespace }: World,
): 'alive' | 'dead' | 'unknown' | 'none' {
  const named = agent ?? daemon ?? null;
  if (named === null) return 'none';
  if (processes === null) return 'unknown';
  const liveness = livenessOf(named, (pid) => processes.get(pid), namespace);
  return agent === null && liveness === 'alive' ? 'none' : liveness;
}

/** True when the same agent process went on as another session, which began later. */
export function isSuperseded(record: SessionRecord, world: World): boolean {
  const { agent } = record;
  if (agent === null || record.status !== 'stopped') return false;
  return world.records.some(
    (other) =>
      other.sessionId !== record.sessionId &&
      other.status === 'live' &&
      sameProcess(other.agent, agent),
  );
}
