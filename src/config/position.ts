import type { Refusal } from './types.ts';

/** The line and column (both from 1) of an offset, as an editor shows them; a byte order mark has no column. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).replace(/^\uFEFF/, '');
  const lines = before.split(/\r\n|\n|\r/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** A refusal that points at an offset of the text. */
export function refuse(
  text: string,
  offset: number,
  code: string,
  what: string,
  hint: string,
): Refusal {
  return { kind: 'refuse', code, ...positionAt(text, offset), what, hint };
}
