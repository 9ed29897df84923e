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
export function killGuarded(session: TmuxIdentity, pane: MarkedPane): Promise<Guarded> {
  return guarded(
    session,
    pane,
    [
      ['session_attached', '0'],
      ['session_grouped', '0'],
    ],
    `kill-session -t '${session.id}'`,
  );
}

/**
 * Types into one pane, if that still is a pane of the very session, nobody looks at it, and the keys reach its program and
 * no other pane. `keys` are tmux's own words.
 */
export function typeGuarded(
  session: TmuxIdentity,
  pane: MarkedPane,
  keys: readonly string[],
): Promise<Guarded> {
  const typed = keys.map((key) => `send-keys -t '${pane.id}' ${key}`).join(' ; ');
  return guarded(
    session,
    pane,
    [
      ['session_attached', '0'],
      ['pane_in_mode', '0'],
      ['pane_synchronized', '0'],
    ],
    typed,
  );
}

async function guarded(
  { socket, serverPid, serverStart, id, created }: TmuxIdentity,
  pane: MarkedPane,
  more: readonly (readonly [string, string])[],
  command: string,
): Promise<Guarded> {
  const facts = [
    ['pid', String(serverPid)],
    ['start_time', serverStart],
    ['session_id', id],
    ['session_created', created],
    ['pane_id', pane.id],
    [MARK_OPTION, pane.mark],
    ...more,
  ] as const;
  const condition = facts
    .map(([name, value]) => `#{==:#{${name}},${value}}`)
    .reduce((all, one) => `#{&&:${all},${one}}`);
  const then = `display-message -p done ; ${command}`;
  const ask = ['if-shell', '-F', '-t', pane.id, condition, then, 'display-message -p refused'];
  return answerOf(await callTmux(socket, ask));
}

/** The word is printed before the command runs: the end of a server's last session may take its answer along. */
function answerOf(reply: TmuxReply): Guarded {
  if (reply.kind === 'failed') return reply.why === 'no-server' ? 'no-server' : 'unknown';
  const word = reply.stdout.trim();
  return word === 'done' || word === 'refused' ? word : 'unknown';
}
