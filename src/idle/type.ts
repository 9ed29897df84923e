import type { PaneStamp } from '../owner/stamp.ts';
import { askNow } from '../tmux/ask-now.ts';

/** What is typed to end Codex. */
export const QUIT = '/quit';

/**
 * What came of typing. `other`: the pane is not as it was proven, nothing was typed. `gone`: no server answers.
 * `unknown`: tmux gave no answer in time, and may still do it.
 */
export type Typed = 'sent' | 'other' | 'gone' | 'unknown';

/** Codex loses an Enter that comes sooner after the text. */
const ENTER_SECONDS = 0.4;

/**
 * Clears the input line of exactly this pane, types a word and submits it. The server compares itself and the pane's process
 * with what was proven, and with `more` formats and their values; it does all of it in one command of ours (whoever gave
 * it may die), and submits only what stands there alone.
 */
export function typeAndSubmit(
  pane: Pick<PaneStamp, 'socket' | 'serverPid' | 'id'>,
  panePid: number,
  word: string,
  more: readonly (readonly [format: string, value: string])[] = [],
): Typed {
  const same = [
    ...[['pid', pane.serverPid], ['pane_pid', panePid], ['pane_in_mode', 0], ...more].map(
      ([format, value]) => `#{==:#{${format}},${value}}`,
    ),
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
