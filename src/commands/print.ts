import { oneLine } from '../build/line.ts';

const CELL_BYTES = 200;

/** Writes lines for a person to stdout. */
export function print(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** JSON escapes the old control characters itself, but not those that some terminals obey as well. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2);
  print(text.replace(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`));
}

/** What somebody else wrote, as one line that can do nothing to a terminal. */
export function plain(value: unknown, maxBytes = CELL_BYTES): string {
  if (value === null || value === undefined) return '';
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value), maxBytes);
}
