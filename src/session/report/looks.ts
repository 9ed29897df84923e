import type { TmuxServer, TmuxSession } from '../../tmux/lists.ts';

/** Who looks at a tmux session, and which others show its windows without being looked at. Pure. */
export function looksAt(
  server: TmuxServer,
  session: TmuxSession,
): { attached: string[]; sharedWith: string[] } {
  const panes = new Set(session.panes.map(({ id }) => id));
  const others = server.sessions.filter((other) => other !== session);
  const sharing = others.filter(
    (other) =>
      (session.group !== null && other.group === session.group) ||
      other.panes.some(({ id }) => panes.has(id)),
  );
  const watched = sharing.filter((other) => clientsOf(server, other) > 0);
  const own = clientsOf(server, session);
  return {
    attached: [
      ...(own > 0 ? [`attached by ${own} client${own > 1 ? 's' : ''}`] : []),
      ...watched.map((other) => `${how(session, other)} ${other.id}, which is attached`),
    ],
    sharedWith: sharing
      .filter((other) => !watched.includes(other))
      .map((other) => `${how(session, other)} ${other.id} as well`),
  };
}

/** Two lists say it; the larger number counts. */
function clientsOf({ clients }: TmuxServer, { id, attached }: TmuxSession): number {
  return Math.max(attached, clients.filter((client) => client.session === id).length);
}

function how(session: TmuxSession, other: TmuxSession): string {
  const grouped = session.group !== null && session.group === other.group;
  return grouped ? 'through its group it is shown in' : 'a window of it is linked into';
}
