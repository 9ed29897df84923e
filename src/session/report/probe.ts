import { readlinkSync } from 'node:fs';
import { isHostStarter } from '../../owner/agent.ts';
import { machineId } from '../../owner/machine.ts';
import { ownNamespace } from '../../owner/namespace.ts';
import { ancestors, type ProcessInfo } from '../../owner/process.ts';
import { isAtPrompt } from '../../owner/prompt.ts';
import type { PaneStamp } from '../../owner/stamp.ts';
import { type ProcessTable, readTable } from '../../owner/table.ts';
import { paneClaim } from '../../owner/tmux.ts';
import type { StatePaths } from '../../state/paths.ts';
import { type ServerAnswer, snapshot } from '../../tmux/snapshot.ts';
import { realSocket, tmuxSockets } from '../../tmux/sockets.ts';
import { type Registry, readRegistry } from '../registry.ts';
import { idleLooks } from './idle-looks.ts';
import { lastStops } from './last-stops.ts';
import { readObservations } from './observations.ts';
import type { Caller, World } from './world.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Looks at every tmux server of this user, every process and everything that is registered, all servers at once and
 * each one bounded. Writes nothing.
 */
export async function probe(paths: StatePaths, env: Env = process.env): Promise<World> {
  const machine = machineId();
  const registry = registered(paths);
  const known = [...registry.records, ...registry.launches].flatMap((entry) =>
    entry.pane && entry.machine === machine ? [entry.pane.socket] : [],
  );
  const asked = tmuxSockets(known, env).map((socket) => snapshot(socket));
  const answers = once(await Promise.all(asked));
  const processes = readTable();
  const servers = answers.map((answer) => ofOurProcesses(answer, processes));
  const observed = readObservations(paths);
  const world: World = {
    ...registry,
    ...processesNow(servers, processes),
    at: new Date().toISOString(),
    machine,
    namespace: ownNamespace(),
    servers,
    lastStops: lastStops(paths, registry.records),
    caller: callerOf(env),
    idleFacts: new Map(),
    observed,
  };
  return { ...world, idleFacts: idleLooks(world) };
}

/** Looks again at everything that an act on `socket` rests on; the other servers are taken as they were. */
export async function lookAgain(
  paths: StatePaths,
  before: World,
  socket: string | null,
): Promise<World> {
  const again = async (answer: ServerAnswer) =>
    answer.socket === socket ? snapshot(answer.socket) : answer;
  const answers = await Promise.all(before.servers.map(again));
  const processes = readTable();
  const servers = answers.map((answer) => ofOurProcesses(answer, processes));
  const registry = registered(paths);
  const world: World = {
    ...before,
    ...registry,
    ...processesNow(servers, processes),
    at: new Date().toISOString(),
    servers,
    lastStops: lastStops(paths, registry.records),
  };
  const looks = idleLooks(world, (one) => one === socket);
  return { ...world, idleFacts: new Map([...before.idleFacts, ...looks]) };
}

function registered(paths: StatePaths): Registry {
  const registry = readRegistry(paths);
  return {
    ...registry,
    records: registry.records.map(withRealSocket),
    launches: registry.launches.map(withRealSocket),
  };
}

function withRealSocket<T extends { pane: PaneStamp | null }>(entry: T): T {
  const { pane } = entry;
  return pane === null ? entry : { ...entry, pane: { ...pane, socket: realSocket(pane.socket) } };
}

/** A server that is reached by two names is one server. */
function once(answers: ServerAnswer[]): ServerAnswer[] {
  const seen = new Set<string>();
  return answers.filter((answer) => {
    if (answer.kind !== 'facts') return true;
    const key = `${answer.server.pid} ${answer.server.start}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** A server in another container may be reached by its socket; the pids that it names are others' here. */
function ofOurProcesses(answer: ServerAnswer, processes: ProcessTable | null): ServerAnswer {
  if (answer.kind !== 'facts' || processes === null) return answer;
  const { socket, server } = answer;
  const info = processes.get(server.pid);
  if (info === undefined || info?.name.startsWith('tmux')) return answer;
  const detail = `its process ${server.pid} cannot be seen from here`;
  return { socket, kind: 'unknown', reason: 'tmux-unavailable', detail };
}

function processesNow(
  servers: readonly ServerAnswer[],
  processes: ProcessTable | null,
): Pick<World, 'processes' | 'cwds' | 'promptPids' | 'starterPids'> {
  const roots = servers.flatMap((answer) =>
    answer.kind === 'facts'
      ? answer.server.sessions.flatMap(({ panes }) => panes.map(({ pid }) => pid))
      : [],
  );
  const all = roots.flatMap((pid) => {
    const root = processes?.get(pid);
    return root && processes ? [root, ...processes.below(pid)] : [];
  });
  const cwds = new Map(roots.flatMap((pid) => cwdOf(pid) ?? []));
  const pidsOf = (is: (info: ProcessInfo) => boolean) =>
    new Set(all.filter((info) => is(info)).map(({ pid }) => pid));
  return { processes, cwds, promptPids: pidsOf(isAtPrompt), starterPids: pidsOf(isHostStarter) };
}

function cwdOf(pid: number): [[number, string]] | null {
  try {
    return [[pid, readlinkSync(`/proc/${pid}/cwd`)]];
  } catch {
    return null;
  }
}

function callerOf(env: Env): Caller {
  const claim = paneClaim(env);
  return {
    pids: new Set([process.pid, ...ancestors(process.pid).map(({ pid }) => pid)]),
    claim: claim && { ...claim, socket: realSocket(claim.socket) },
  };
}
