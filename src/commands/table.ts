import Table from 'cli-table3';
import { escaped } from '../printable.ts';

/** The lines of a table without borders; columns are two spaces apart. A cell is one line, escaped before it is measured. */
export function table(head: string[], rows: string[][]): string[] {
  const none = Object.fromEntries(BORDERS.map((name) => [name, '']));
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 2 };
  const grid = new Table({ head, chars: none, style });
  grid.push(...rows.map((cells) => cells.map(escaped)));
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

const BORDERS = [
  ...[
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
  ],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];
