import { MARK_OPTION } from './mark.ts';

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

const LISTS = [
  ['V', 'display-message', '-p', '#{pid}\t#{start_time}'],
  [
    'S',
    'list-sessions',
    '-F',
    `#{session_id}\t#{session_created}\t#{session_attached}\t#{session_group}\t#{?${MARK_OPTION},1,}\t#{session_name}`,
  ],
  [
    'P',
    'list-panes',
    '-a',
    '-F',
    `#{session_id}\t#{pane_id}\t#{pane_pid}\t#{pane_dead}\t#{?pane_dead_signal,s#{pane_dead_signal},#{pane_dead_status}}\t#{window_activity}\t#{?${MARK_OPTION},1,}`,
  ],
  ['C', 'list-clients', '-F', '#{session_id}\t#{client_pid}\t#{client_activity}'],
] as const;

/** The commands that list all that a server has, each line with a letter before it. */
export function listQuestions(): string[] {
  const lists = LISTS.flatMap(([letter, command, ...rest]) => {
    const format = rest[rest.length - 1] ?? '';
    return [command, ...rest.slice(0, -1), `${letter}\t${format}`, ';'];
  });
  return [...lists, 'display-message', '-p', 'END'];
}

export interface Draft {
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
