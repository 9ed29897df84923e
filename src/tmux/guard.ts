import { callTmux, type TmuxReply } from './call.ts';
import { MARK_OPTION } from './mark.ts';

/** A tmux session, named so that no other one, now or later, is taken for it. */
export interface TmuxIdentity {
  socket: string;
  serverPid: number;
  serverStart: string;
  id: string;
  created: string;
  mark: string;
}

/** A pane of a session, and the mark that a format shows there: its own, else the session's. */
export interface MarkedPane {
  id: string;
  mark: string;
}

/** What came of a guarded command. `unknown`: it was sent, and may still be carried out. */
export type Guarded = 'done' | 'refused' | 'no-server' | 'unknown';

/**
 * Ends a tmux session in one round trip, if the server finds that it is the very one, holds this pane with our mark,
 * and nobody looks at it. What was checked before may be over by then; what the server checks is not.
 */
export async function killGuarded(session: TmuxIdentity, pane: MarkedPane): Promise<Guarded> {
  const condition = [...ownFacts(session, pane), ['session_grouped', '0'] as const]
    .map(([format, value]) => `#{==:#{${format}},${value}}`)
    .reduce((all, one) => `#{&&:${all},${one}}`);
  const then = `display-message -p done ; kill-session -t '${session.id}'`;
  const ask = ['if-shell', '-F', '-t', pane.id, condition, then, 'display-message -p refused'];
  return answerOf(await callTmux(session.socket, ask));
}

/** The formats, with their values, that tell a server the very session by one of its panes, while nobody looks at it. */
export function ownFacts(
  { serverPid, serverStart, id, created }: TmuxIdentity,
  pane: MarkedPane,
): (readonly [format: string, value: string])[] {
  return [
    ['pid', String(serverPid)],
    ['start_time', serverStart],
    ['session_id', id],
    ['session_created', created],
    ['pane_id', pane.id],
    [MARK_OPTION, pane.mark],
    ['session_attached', '0'],
  ];
}

/** The word is printed before the command runs: the end of a server's last session may take its answer along. */
function answerOf(reply: TmuxReply): Guarded {
  if (reply.kind === 'failed') return reply.why === 'no-server' ? 'no-server' : 'unknown';
  const word = reply.stdout.trim();
  return word === 'done' || word === 'refused' ? word : 'unknown';
}
