import { callTmux, TMUX_MS, type TmuxReply } from './call.ts';
import { listQuestions, parseLists, type TmuxServer } from './lists.ts';
import { markQuestions, parseMarks } from './own-marks.ts';

/** What became of asking one socket. Only `facts` and `none` say anything about what is there. */
export type ServerAnswer =
  | { socket: string; kind: 'facts'; server: TmuxServer }
  | { socket: string; kind: 'none' }
  | { socket: string; kind: 'unknown'; reason: UnknownReason; detail: string };

export type UnknownReason = 'tmux-timeout' | 'tmux-unavailable' | 'server-changed';

/** Asks one server for all it has, in a few bounded calls that have to agree on which server answered. */
export async function snapshot(socket: string, ms: number = TMUX_MS): Promise<ServerAnswer> {
  const first = await callTmux(socket, listQuestions(), ms);
  if (first.kind === 'failed') return failed(socket, first);
  const draft = parseLists(first.stdout);
  if (draft === null) return unknown(socket, 'tmux-unavailable', 'an incomplete answer');
  const { pid, start } = draft.server;
  const all = new Map<string, string>();
  for (const targets of inParts(draft.perhapsMarked)) {
    const reply = await callTmux(socket, markQuestions(targets), ms);
    if (reply.kind === 'failed') return failed(socket, reply);
    const marks = parseMarks(reply.stdout);
    if (marks === null) return unknown(socket, 'tmux-unavailable', 'an incomplete answer');
    if (marks.server !== `${pid}\t${start}`)
      return unknown(socket, 'server-changed', 'another server answered the second call');
    for (const [target, mark] of marks.of) all.set(target, mark);
  }
  return { socket, kind: 'facts', server: withMarks(draft.server, all) };
}

/** tmux takes no more than 16 kB at once; each target costs about 80 bytes. */
const AT_ONCE = 100;

function inParts(targets: readonly string[]): string[][] {
  const count = Math.ceil(targets.length / AT_ONCE);
  return Array.from({ length: count }, (_, n) => targets.slice(n * AT_ONCE, (n + 1) * AT_ONCE));
}

function withMarks(server: TmuxServer, marks: Map<string, string>): TmuxServer {
  const sessions = server.sessions.map((session) => ({
    ...session,
    mark: marks.get(session.id) ?? null,
    panes: session.panes.map((pane) => ({ ...pane, mark: marks.get(pane.id) ?? null })),
  }));
  return { ...server, sessions };
}

function failed(socket: string, reply: Extract<TmuxReply, { kind: 'failed' }>): ServerAnswer {
  if (reply.why === 'no-server') return { socket, kind: 'none' };
  const reason = reply.why === 'timeout' ? 'tmux-timeout' : 'tmux-unavailable';
  return unknown(socket, reason, reply.detail);
}

function unknown(socket: string, reason: UnknownReason, detail: string): ServerAnswer {
  return { socket, kind: 'unknown', reason, detail };
}
