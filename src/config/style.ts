import type { Node } from 'jsonc-parser';
import { propertiesOf } from './nodes.ts';

/** How a file is laid out, so that what we add looks like the rest of it. */
export interface Style {
  readonly eol: string;
  readonly unit: string;
  readonly multiline: boolean;
  /** No space after colons and commas; of a file on one line only. */
  readonly compact: boolean;
}

/** Detects line ending, indentation and density; two spaces and LF where the file shows nothing. */
export function detectStyle(text: string, root: Node | null): Style {
  const eol = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const empty = (root?.children ?? []).length === 0;
  const multiline = empty || (root !== null && /[\r\n]/.test(sliceOf(text, root)));
  const first = root?.type === 'object' ? propertiesOf(root)[0] : undefined;
  const compact =
    first !== undefined && !/[ \t]/.test(textBetween(text, first.keyNode, first.value));
  return { eol, unit: unitOf(text, root), multiline, compact };
}

/** The value over several lines; every line but the first starts with `base`. */
export function printBlock(value: unknown, base: string, style: Style): string {
  const lines = JSON.stringify(value, null, '\t');
  return lines.replace(
    /\n(\t*)/g,
    (_all, tabs: string) => style.eol + base + style.unit.repeat(tabs.length),
  );
}

/** The value on one line. */
export function printLine(value: unknown, style: Style): string {
  if (style.compact) return JSON.stringify(value);
  return JSON.stringify(value, null, '\t')
    .replace(/,\n\t*/g, ', ')
    .replace(/\n\t*/g, '');
}

/** The white space at the start of the line that holds `offset`. */
export function lineIndent(text: string, offset: number): string {
  const start =
    Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^\uFEFF?([ \t]*)/.exec(text.slice(start, offset))?.[1] ?? '';
}

function unitOf(text: string, root: Node | null): string {
  const first = root?.children?.[0];
  if (root === null || first === undefined) return '  ';
  const lead = /[\r\n]([ \t]*)$/.exec(text.slice(root.offset, first.offset))?.[1];
  if (lead === undefined) return '  ';
  const base = lineIndent(text, root.offset);
  return lead.startsWith(base) ? lead.slice(base.length) : lead;
}

function textBetween(text: string, left: Node, right: Node): string {
  return text.slice(left.offset + left.length, right.offset);
}

function sliceOf(text: string, node: Node): string {
  return text.slice(node.offset, node.offset + node.length);
}
