import Table from 'cli-table3';

/** A table without lines; columns are two spaces apart. */
export function table(head: string[], rows: string[][]): string {
  const none = Object.fromEntries(BORDERS.map((name) => [name, '']));
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 2 };
  const grid = new Table({ head, chars: none, style });
  grid.push(...rows);
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
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
