import { callTmux, TMUX_MS, type TmuxReply } from './call.ts';
import { isMark, MARK_OPTION } from './mark.ts';

/** One pane, under each tmux session that shows it. */
export interface TmuxPane {
  id: string;
  pid: number;
  dead: boolean;
  /** How a dead pane's process ended, as a shell tells it; `null` when it lives, or tmux missed its end. */
  deadStatus: number | null;
  /** Our mark on the pane itself. */
  mark: string | null;
  /** When its window last put something out, in seconds since 1970. */
  activity: number;
}

export interface TmuxSession {
  id: string;
  created: string;
  name: string;
  attached: number;
  group: string | null;
  /** Our mark on the session itself; an option that is set globally is none. */
  mark: string | null;
  panes: TmuxPane[];
}

export interface TmuxClient {
  session: string;
  pid: number;
  activity: number;
}

export interface TmuxServer {
  pid: number;
  start: string;
  sessions: TmuxSession[];
  clients: TmuxClient[];
}

/** What became of asking one socket. Only `facts` and `none` say anything about what is there. */
export type ServerAnswer =
  | { socket: string; kind: 'facts'; server: TmuxServer }
  | { socket: string; kind: 'none' }
  | { socket: string; kind: 'unknown'; reason: UnknownReason; detail: string };

export type UnknownReason = 'tmux-timeout' | 'tmux-unavailable' | 'server-changed';

const LISTS = [
  ['V', 'display-message', '-p', '#{pid}\t#{start_time}'],
  [
    'S',
    'list-sessions',
    '-F',
    `#{session_id}\t#{session_created}\t#{session_attached}\t#{session_group}\t#{${MARK_OPTION}}\t#{session_name}`,
  ],
  [
    'P',
    'list-panes',
    '-a',
    '-F',
    `#{session_id}\t#{pane_id}\t#{pane_pid}\t#{pane_dead}\t#{?pane_dead_signal,s#{pane_dead_signal},#{pane_dead_status}}\t#{window_activity}\t#{${MARK_OPTION}}`,
  ],
  ['C', 'list-clients', '-F', '#{session_id}\t#{client_pid}\t#{client_activity}'],
] as const;

/** Asks one server for all it has, in a few bounded calls that have to agree on which server answered. */
export async function snapshot(socket: string, ms: number = TMUX_MS): Promise<ServerAnswer> {
  const first = await callTmux(socket, questions(), ms);
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

function questions(): string[] {
  const lists = LISTS.flatMap(([letter, command, ...rest]) => {
    const format = rest[rest.length - 1] ?? '';
    return [command, ...rest.slice(0, -1), `${letter}\t${format}`, ';'];
  });
  return [...lists, 'display-message', '-p', 'END'];
}

interface Draft {
  server: TmuxServer;
  /** Sessions and panes whose format shows something under our option's name: their own mark, or a leaked one. */
  perhapsMarked: string[];
}

/** Parses the answer to all lists; `null` when it is not whole. */
export function parseLists(stdout: string): Draft | null {
  const lines = stdout.trimEnd().split('\n');
  if (lines.pop() !== 'END') return null;
  const sessions = new Map<string, TmuxSession>();
  const clients: TmuxClient[] = [];
  const perhapsMarked = new Set<string>();
  let version: [string, string] | null = null;
  for (const line of lines) {
    const [letter, a = '', b = '', c = '', d = '', e = '', f = '', g = ''] = line.split('\t');
    if (letter === 'V' && /^\d+$/.test(a) && b !== '') version = [a, b];
    else if (letter === 'S' && /^\$\d+$/.test(a) && b !== '') {
      const session = { id: a, created: b, name: f, attached: Number(c), group: d || null };
      sessions.set(a, { ...session, mark: null, panes: [] });
      if (e !== '') perhapsMarked.add(a);
    } else if (letter === 'P' && sessions.has(a) && /^%\d+$/.test(b)) {
      const deadStatus = e.startsWith('s') ? 128 + Number(e.slice(1)) : e === '' ? null : Number(e);
      const pane = { id: b, pid: Number(c), dead: d === '1', deadStatus, mark: null };
      sessions.get(a)?.panes.push({ ...pane, activity: Number(f) });
      if (g !== '') perhapsMarked.add(b);
    } else if (letter === 'C' && (a === '' || sessions.has(a))) {
      if (a !== '') clients.push({ session: a, pid: Number(b), activity: Number(c) });
    } else return null;
  }
  if (version === null) return null;
  const [pid, start] = version;
  const server = { pid: Number(pid), start, sessions: [...sessions.values()], clients };
  return { server, perhapsMarked: [...perhapsMarked] };
}

function markQuestions(targets: readonly string[]): string[] {
  const each = targets.flatMap((target) => {
    const scope = target.startsWith('%') ? '-pqv' : '-qv';
    const show = ['show-options', scope, '-t', target, MARK_OPTION];
    // display-message takes a percent sign for a part of a time.
    return ['display-message', '-p', `M\t${target.replace('%', '%%')}`, ';', ...show, ';'];
  });
  return [...each, 'display-message', '-p', '#{pid}\t#{start_time}'];
}

/** Parses the answer to {@link markQuestions}: after each target its own option, or nothing. */
export function parseMarks(stdout: string): { server: string; of: Map<string, string> } | null {
  const lines = stdout.trimEnd().split('\n');
  const server = lines.pop() ?? '';
  if (!/^\d+\t\d+$/.test(server)) return null;
  const of = new Map<string, string>();
  let target = '';
  for (const line of lines) {
    if (line.startsWith('M\t')) target = line.slice(2);
    else if (isMark(line) && target !== '') of.set(target, line);
  }
  return { server, of };
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
