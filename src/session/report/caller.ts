import type { TmuxServer, TmuxSession } from '../../tmux/lists.ts';
import type { World } from './world.ts';

/**
 * True when a tmux session holds the caller: by the processes above it, by the pane that its environment claims, or by
 * a client in one of its panes that shows the caller's session (a tmux inside a tmux). Pure.
 */
export function holdsCaller(
  socket: string,
  server: TmuxServer,
  session: TmuxSession,
  world: World,
): boolean {
  const above = pidsAbove(world);
  const { claim } = world.caller;
  const claimed = claim?.socket === socket && claim.serverPid === server.pid ? claim.id : null;
  return session.panes.some(({ id, pid }) => above.has(pid) || id === claimed);
}

const known = new WeakMap<World, ReadonlySet<number>>();

/** The caller's processes, and those above every client that shows a session which holds one of them. */
function pidsAbove(world: World): ReadonlySet<number> {
  const before = known.get(world);
  if (before) return before;
  const above = new Set(world.caller.pids);
  for (let size = 0; size < above.size; ) {
    size = above.size;
    for (const pid of clientsThatShow(above, world)) addChain(pid, above, world);
  }
  known.set(world, above);
  return above;
}

function clientsThatShow(pids: ReadonlySet<number>, { servers }: World): number[] {
  return servers.flatMap((answer) => {
    if (answer.kind !== 'facts') return [];
    const { sessions, clients } = answer.server;
    const holding = sessions.filter(({ panes }) => panes.some(({ pid }) => pids.has(pid)));
    const ids = new Set(holding.map(({ id }) => id));
    return clients.filter(({ session }) => ids.has(session)).map(({ pid }) => pid);
  });
}

function addChain(from: number, into: Set<number>, { processes }: World): void {
  for (let pid = from; pid > 1 && !into.has(pid); pid = processes?.get(pid)?.ppid ?? 0)
    into.add(pid);
}
