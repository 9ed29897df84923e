import type { PaneStamp } from '../owner/stamp.ts';
import { askNow } from '../tmux/ask-now.ts';
import { type Row, rowsOf } from './screen.ts';

/** What one look at a pane found: the process that tmux started in it, who watches, and what is on it. */
export interface PaneLook {
  panePid: number;
  /** Copy mode and the like: keys would go there. */
  inMode: boolean;
  /** Keys would go to other panes as well. */
  synchronized: boolean;
  /** When its window last put something out, in milliseconds: at the latest, as tmux tells whole seconds. */
  drawnAt: number;
  /** When a client that is attached to a session with this pane was last used, in milliseconds; `null`: none is. */
  clientUsedAt: number | null;
  cursor: { x: number; y: number };
  rows: readonly Row[];
}

export type PaneAnswer = { kind: 'seen'; look: PaneLook } | { kind: 'unseen'; why: string };

const SCREEN = '=screen=';

const FIELDS = [
  '#{pane_id}',
  '#{pid}',
  '#{start_time}',
  '#{pane_pid}',
  '#{pane_in_mode}',
  '#{pane_synchronized}',
  '#{cursor_x}',
  '#{cursor_y}',
  '#{window_activity}',
];

/** Looks at exactly the stamped pane of the stamped server, in one call. */
export function lookAtPane(pane: PaneStamp): PaneAnswer {
  const told = askNow(pane.socket, [
    ...['display-message', '-p', '-t', pane.id, FIELDS.join('\t'), ';'],
    ...['list-panes', '-a', '-F', 'pane\t#{pane_id}\t#{session_id}', ';'],
    ...['list-clients', '-F', 'client\t#{session_id}\t#{client_activity}', ';'],
    ...['display-message', '-p', SCREEN, ';'],
    ...['capture-pane', '-p', '-e', '-t', pane.id],
  ]);
  if (told.kind === 'failed') return { kind: 'unseen', why: `tmux did not answer (${told.why})` };
  return parseLook(pane, told.stdout);
}

/** Parses the answer of {@link lookAtPane}; what does not name the stamped pane and server is not looked at. Pure. */
export function parseLook(pane: PaneStamp, told: string): PaneAnswer {
  const at = told.indexOf(`\n${SCREEN}\n`);
  const [first = '', ...list] = told.slice(0, Math.max(at, 0)).split('\n');
  const [id, pid, start, panePid, inMode, synchronized, x, y, drawn] = first.split('\t');
  if (id !== pane.id) return { kind: 'unseen', why: `pane ${pane.id} is gone` };
  if (Number(pid) !== pane.serverPid || start !== pane.serverStart) {
    return { kind: 'unseen', why: 'another tmux server is there now' };
  }
  const words = list.map((line) => line.split('\t'));
  const shownIn = words.flatMap(([kind, id, session]) =>
    kind === 'pane' && id === pane.id ? [session] : [],
  );
  const used = words.flatMap(([kind, session, seconds]) =>
    kind === 'client' && shownIn.includes(session) ? [Number(seconds) * 1000] : [],
  );
  return {
    kind: 'seen',
    look: {
      panePid: Number(panePid),
      inMode: inMode !== '0',
      synchronized: synchronized === '1',
      drawnAt: (Number(drawn) + 1) * 1000,
      clientUsedAt: used.length > 0 ? Math.max(...used) : null,
      cursor: { x: Number(x), y: Number(y) },
      rows: rowsOf(told.slice(at + SCREEN.length + 2)),
    },
  };
}
