import type { Node } from 'jsonc-parser';
import { endOf } from './nodes.ts';
import { lineIndent, printBlock, printLine, type Style } from './style.ts';

/** One replacement in a text; everything outside of it stays byte for byte. */
export interface Splice {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

export function applySplice(text: string, splice: Splice): string {
  const after = text.slice(splice.offset + splice.length);
  return text.slice(0, splice.offset) + splice.content + after;
}

/** Adds a value (an object's under `key`) behind the last child of a container, laid out like that child. */
export function appendChild(
  text: string,
  container: Node,
  style: Style,
  key: string | null,
  value: unknown,
): Splice {
  const block = (base: string) =>
    named(key, printBlock(value, base, style), style.multiline || !style.compact);
  const line = () => named(key, printLine(value, style), !style.compact);
  const last = container.children?.at(-1);
  if (last === undefined) return fill(text, container, style, block, line);
  const lead = /[ \t\r\n]*$/.exec(text.slice(container.offset + 1, last.offset))?.[0] ?? '';
  const offset = endOf(last);
  if (/[\r\n]/.test(lead)) {
    const base = /[ \t]*$/.exec(lead)?.[0] ?? '';
    return { offset, length: 0, content: `,${style.eol}${base}${block(base)}` };
  }
  const gap = container.children?.length === 1 ? (style.compact ? '' : ' ') : lead;
  const spread = /[\r\n]/.test(text.slice(last.offset, offset));
  const content = spread ? block(lineIndent(text, last.offset)) : line();
  return { offset, length: 0, content: `,${gap}${content}` };
}

/** Removes one child and the comma that goes with it; an emptied container gets `interior` between its brackets. */
export function removeChild(container: Node, index: number, interior: string): Splice {
  const children = container.children ?? [];
  const child = children[index];
  if (child === undefined) throw new RangeError(`no child ${index} to remove`);
  const previous = children[index - 1];
  if (previous !== undefined) return span(endOf(previous), endOf(child), '');
  const next = children[1];
  if (next !== undefined) return span(child.offset, next.offset, '');
  return span(container.offset + 1, endOf(container) - 1, interior);
}

/** Replaces one value. */
export function replaceValue(node: Node, value: unknown): Splice {
  return { offset: node.offset, length: node.length, content: JSON.stringify(value) };
}

/** The text between the brackets of a container. */
export function interiorOf(text: string, container: Node): string {
  return text.slice(container.offset + 1, endOf(container) - 1);
}

function fill(
  text: string,
  container: Node,
  style: Style,
  block: (base: string) => string,
  line: () => string,
): Splice {
  const outer = lineIndent(text, container.offset);
  const base = outer + style.unit;
  const content = style.multiline
    ? `${style.eol}${base}${block(base)}${style.eol}${outer}`
    : line();
  return span(container.offset + 1, endOf(container) - 1, content);
}

function named(key: string | null, value: string, space: boolean): string {
  return key === null ? value : `${JSON.stringify(key)}:${space ? ' ' : ''}${value}`;
}

function span(start: number, end: number, content: string): Splice {
  return { offset: start, length: end - start, content };
}
