import { stampedNamespace } from './namespace.ts';
import type { PaneStamp } from './stamp.ts';

/** One bounded round trip to a tmux server costs about 2 ms; a stopped one is given up after this. */
const TMUX_MS = 250;

/** Where `$TMUX` and `$TMUX_PANE` point. They are a claim: nothing here was asked of a server yet. */
export interface PaneClaim {
  socket: string;
  serverPid: number;
  id: string;
}

/** What the server said of a claimed pane, with every pane id of that server. */
export interface TmuxFacts {
  pane: PaneStamp;
  /** The pid that tmux started in the pane. */
  panePid: number;
  /** The pane is visible in more than one tmux session, so its session is uncertain. */
  shared: boolean;
  allPanes: string[];
}

export type TmuxAnswer =
  | { kind: 'facts'; facts: TmuxFacts }
  | { kind: 'failed'; reason: 'timeout' | 'no-server' | 'no-pane' | 'other-server' | 'no-tmux' };

/** Reads the claim of an environment; `null` when it holds none that could be valid. */
export function paneClaim(env: Readonly<Record<string, string | undefined>>): PaneClaim | null {
  const id = env.TMUX_PANE ?? '';
  const match = /^(.+),(\d+),\d+$/.exec(env.TMUX ?? '');
  if (!match || !/^%\d+$/.test(id)) return null;
  return { socket: match[1] ?? '', serverPid: Number(match[2]), id };
}

const FIELDS = [
  '#{pane_id}',
  '#{pid}',
  '#{start_time}',
  '#{pane_pid}',
  '#{session_id}',
  '#{session_created}',
  '#{session_grouped}',
  '#{window_linked_sessions}',
  '#S',
];

/** Asks the claimed server about the claimed pane, in one call of at most 250 ms (docs/hosts.md, tmux). */
export function askTmux(claim: PaneClaim): TmuxAnswer {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const display = ['display-message', '-p', '-t', claim.id, FIELDS.join('\t')];
  const list = ['list-panes', '-a', '-F', '#{pane_id}'];
  const tmux = spawnSync('tmux', ['-u', '-S', claim.socket, ...display, ';', ...list], {
    encoding: 'utf8',
    timeout: TMUX_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (tmux.signal !== null) return { kind: 'failed', reason: 'timeout' };
  if (tmux.error) {
    const timedOut = 'code' in tmux.error && tmux.error.code === 'ETIMEDOUT';
    return { kind: 'failed', reason: timedOut ? 'timeout' : 'no-tmux' };
  }
  if (tmux.status !== 0) return { kind: 'failed', reason: 'no-server' };
  return withNamespace(parseAnswer(claim, tmux.stdout));
}

/** Whoever believes the answer has seen the pane's process here: the server's pid counts in the same namespace. */
function withNamespace(answer: TmuxAnswer): TmuxAnswer {
  if (answer.kind === 'failed') return answer;
  const { facts } = answer;
  return { kind: 'facts', facts: { ...facts, pane: { ...facts.pane, ...stampedNamespace() } } };
}

/** Parses the answer of {@link askTmux}; what does not name the claimed pane and server is no proof. */
export function parseAnswer(claim: PaneClaim, stdout: string): TmuxAnswer {
  const [line = '', ...allPanes] = stdout.trimEnd().split('\n');
  const [id, pid, serverStart, panePid, sessionId, sessionCreated, grouped, linked, ...name] =
    line.split('\t');
  if (id !== claim.id || !sessionId || !serverStart || !sessionCreated) {
    return { kind: 'failed', reason: 'no-pane' };
  }
  if (Number(pid) !== claim.serverPid) return { kind: 'failed', reason: 'other-server' };
  return {
    kind: 'facts',
    facts: {
      pane: {
        socket: claim.socket,
        serverPid: claim.serverPid,
        serverStart,
        id,
        sessionId,
        sessionCreated,
        sessionName: name.join('\t'),
      },
      panePid: Number(panePid),
      shared: grouped === '1' || Number(linked) > 1,
      allPanes,
    },
  };
}
