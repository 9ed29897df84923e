import type { HostId } from '../owner/identity.ts';
import { plain, type Row } from './screen.ts';

/** What stands in the line where a person types; `unknown` where that line cannot be found (a dialog, an editor). */
export type Composer = { kind: 'empty' } | { kind: 'typed'; text: string } | { kind: 'unknown' };

export interface Screen {
  rows: readonly Row[];
  cursor: { x: number; y: number };
}

/** Reads the line where a person types from a host's screen. Both hosts leave the cursor in it. Pure. */
export function composerOf(host: HostId, screen: Screen): Composer {
  const box = boxOf(host, screen);
  if (box === null) return { kind: 'unknown' };
  const [first = '', ...more] = screen.rows.slice(box.top, box.end).map(typed);
  const text = [first.slice(1), ...more].join('\n').trim();
  const { x, y } = screen.cursor;
  const isEmpty = text === '' && !first.startsWith('!') && y === box.top && x === 2;
  return isEmpty ? { kind: 'empty' } : { kind: 'typed', text };
}

/** The text above and in that line, without what the host shows below it: a clock there never stands still. */
export function stillPart(host: HostId, screen: Screen): string {
  const end = boxOf(host, screen)?.end ?? screen.cursor.y + 1;
  return screen.rows.slice(0, end).map(plain).join('\n');
}

interface Box {
  top: number;
  end: number;
}

function boxOf(host: HostId, { rows, cursor }: Screen): Box | null {
  return host === 'claude' ? claudeBox(rows, cursor.y) : codexBox(rows, cursor.y);
}

/** Between two rules, the first row starting with `❯`, or with `!` for a shell command. */
function claudeBox(rows: readonly Row[], y: number): Box | null {
  const isRule = (row: Row) => /^─{10,}/.test(plain(row));
  const above = rows.slice(0, y).findLastIndex(isRule);
  const below = rows.slice(y).findIndex(isRule);
  if (above < 0 || below < 1) return null;
  return /^[❯!]/.test(plain(rows[above + 1])) ? { top: above + 1, end: y + below } : null;
}

/** From the last row that starts with `›`, at or above the cursor, to the next empty one. */
function codexBox(rows: readonly Row[], y: number): Box | null {
  const top = rows.slice(0, y + 1).findLastIndex((row) => plain(row).startsWith('›'));
  if (top < 0) return null;
  const length = rows.slice(y + 1).findIndex((row) => plain(row).trim() === '');
  return { top, end: length < 0 ? rows.length : y + 1 + length };
}

/**
 * A row without its faint text: placeholders and suggestions are faint. The cell under a drawn cursor is inverse, and
 * part of a suggestion when faint text follows it.
 */
function typed(row: Row): string {
  return row
    .filter(({ faint, inverse }, at) => !faint && !(inverse && row[at + 1]?.faint === true))
    .map(({ text }) => text)
    .join('');
}
