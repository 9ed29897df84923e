import { oneLine } from '../build/line.ts';
import type { StopgateError } from '../errors.ts';
import { escaped, escapedJson } from '../printable.ts';
import { type Colour, coloursFor } from './colour.ts';

/**
 * The one way from a command to a person's terminal. Whatever comes as text is escaped here, so that a task, a path or a
 * session's name can do nothing to the terminal; only the colours of {@link Coloured} are sent as they are.
 */

/** Text in a colour of ours. */
export interface Coloured {
  readonly colour: Colour;
  readonly text: string;
}

/** What becomes one line: a line break in the text is escaped as well. */
export type Line = string | readonly (string | Coloured)[];

/** Writes lines for a person to stdout. */
export function print(...lines: Line[]): void {
  process.stdout.write(`${rendered(lines)}\n`);
}

/** Writes lines for a person to stderr. */
export function printError(...lines: Line[]): void {
  process.stderr.write(`${rendered(lines, process.stderr)}\n`);
}

/** Writes a refusal to stderr: what it says, indented from its second line on, and what to do. */
export function printRefusal({ message, hint }: StopgateError): void {
  const [first = '', ...more] = message.split('\n');
  const hints = hint === undefined ? [] : hint.split('\n');
  const prefix: Coloured = { colour: 'red', text: 'stopgate:' };
  printError([prefix, ` ${first}`], ...more.map((line) => `  ${line}`), ...hints);
}

/** Writes a text of several lines as it is, as commander makes them. */
export function printText(to: 'stdout' | 'stderr', text: string): void {
  process[to].write(text.split('\n').map(line).join('\n'));
}

/** Writes a value as JSON to stdout, escaped by the rules of JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${escapedJson(JSON.stringify(value, null, 2))}\n`);
}

/** Lines as they may be sent to a terminal, with their colours where the stream shows some. */
export function rendered(
  lines: readonly Line[],
  stream: { readonly isTTY?: boolean } = process.stdout,
): string {
  const paint = coloursFor(stream);
  const piece = (part: string | Coloured) =>
    typeof part === 'string' ? line(part) : paint[part.colour](line(part.text));
  return lines.map((parts) => [parts].flat().map(piece).join('')).join('\n');
}

/** What somebody else wrote, as one line of at most `maxBytes` bytes. */
export function plain(value: unknown, maxBytes = 200): string {
  if (value === null || value === undefined) return '';
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value), maxBytes);
}

/** A tab harms nobody, and settings files are indented by them. */
function line(text: string): string {
  return text.split('\t').map(escaped).join('\t');
}
