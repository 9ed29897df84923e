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
  const [id, pid, start, panePid, inMode, synchronized, x, y] = first.split('\t');
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
      clientUsedAt: used.length > 0 ? Math.max(...used) : null,
      cursor: { x: Number(x), y: Number(y) },
      rows: rowsOf(told.slice(at + SCREEN.length + 2)),
    },
  };
}

/**
 * What came of typing. `other`: the pane is not as it was proven, nothing was typed. `gone`: no server answers.
 * `unknown`: tmux gave no answer in time, and may still do it.
 */
export type Typed = 'sent' | 'other' | 'gone' | 'unknown';

/** Codex loses an Enter that comes sooner after the text. */
const ENTER_SECONDS = 0.4;

/**
 * Clears the input line of exactly this pane, types a word and submits it. The server compares itself and the pane's process
 * with what was proven, does all of it in one command of ours (whoever gave it may die), and submits only what stands
 * there alone.
 */
export function typeAndSubmit(pane: PaneStamp, panePid: number, word: string): Typed {
  const same = [
    `#{==:#{pid},${pane.serverPid}}`,
    `#{==:#{pane_pid},${panePid}}`,
    '#{==:#{pane_in_mode},0}',
    '#{!=:#{pane_synchronized},1}',
  ].reduce((all, one) => `#{&&:${all},${one}}`);
  const alone = `tmux capture-pane -p -t ${pane.id} | grep -Eq "^› ${word} *$"`;
  const keys = `send-keys -t ${pane.id}`;
  const type = [
    `${keys} C-u`,
    `${keys} -l ${word}`,
    `if-shell -b -t ${pane.id} 'sleep ${ENTER_SECONDS}; ${alone}' '${keys} Enter'`,
    'display-message -p sent',
  ].join(' ; ');
  const told = askNow(pane.socket, [
    ...['if-shell', '-F', '-t', pane.id, same, type, 'display-message -p no'],
  ]);
  if (told.kind === 'failed') return told.why === 'timeout' ? 'unknown' : 'gone';
  return told.stdout.trim() === 'sent' ? 'sent' : 'other';
}
