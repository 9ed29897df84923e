import type { TmuxIdentity } from '../../tmux/guard.ts';
import type { TmuxServer, TmuxSession } from '../../tmux/lists.ts';

/** The identity of a session that bears our mark. */
export function identityOf(
  socket: string,
  server: TmuxServer,
  { id, created, mark }: TmuxSession & { mark: string },
): TmuxIdentity {
  return { socket, serverPid: server.pid, serverStart: server.start, id, created, mark };
}

/** One line that two looks have in common only when they saw the same session. */
export function keyOf(identity: TmuxIdentity): string {
  const { socket, serverPid, serverStart, id, created, mark } = identity;
  return [socket, serverPid, serverStart, id, created, mark].join(' ');
}

export function isOurs(session: TmuxSession): session is TmuxSession & { mark: string } {
  return session.mark !== null;
}
