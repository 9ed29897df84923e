import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { print, printJson, printRefusal, rendered } from '../../src/commands/print.ts';
import { table } from '../../src/commands/table.ts';
import { StopgateError } from '../../src/errors.ts';
import { escaped } from '../../src/printable.ts';

let out = '';
const write = (text: unknown) => {
  out += String(text);
  return true;
};

beforeEach(() => {
  out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
});
afterEach(() => vi.restoreAllMocks());

/** What acts on a terminal; a line break and a tab do no harm. */
const ACTIVE = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

it.each([
  ['\u001b[31mred', String.raw`\x1b[31mred`],
  ['\u009b31m', String.raw`\x9b31m`],
  ['a\r\nb', String.raw`a\r\nb`],
  ['\u202etxet\u2066\u200f\u061c', String.raw`\u202etxet\u2066\u200f\u061c`],
  ['\u0000\u0007\u007f', String.raw`\x00\x07\x7f`],
  ['tab\tstays', 'tab\tstays'],
  ['Ünïcödé 😀 עברית', 'Ünïcödé 😀 עברית'],
])('prints %j as %s', (text, shown) => {
  print(text, `${text}.`);
  expect(out).toBe(`${shown}\n${shown}.\n`);
});

it('sends nothing that acts on a terminal, whatever the text, and escapes it once only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      out = '';
      print(text, [{ colour: 'red', text }]);
      printJson({ [text]: text });
      printRefusal(new StopgateError('x', text, { hint: text }));
      expect(out).not.toMatch(ACTIVE);
      expect(escaped(escaped(text))).toBe(escaped(text));
    }),
  );
});

it('keeps our own colours around text that is escaped', () => {
  const line = [{ colour: 'green', text: 'ok \u001b[2J' } as const, ' \u001b[2J'];
  expect(rendered([line], { isTTY: true })).toBe('\u001b[32mok \\x1b[2J\u001b[39m \\x1b[2J');
});

it('JSON stays the same value, and stands in ASCII where a character acts', () => {
  const value = { 'k\u009b': ['\u001b[2J', '\u202e\u2028', 'ü\n'] };
  printJson(value);
  expect(JSON.parse(out)).toEqual(value);
  expect(out).toContain(String.raw`"k\u009b"`);
  expect(out).toContain(String.raw`"\u202e\u2028"`);
});

it('a refusal of several lines cannot pass for several refusals', () => {
  printRefusal(new StopgateError('x', 'first\nstopgate: second', { hint: 'do this\nor that' }));
  expect(out).toBe('stopgate: first\n  stopgate: second\ndo this\nor that\n');
});

it('a cell of a table is one line, measured as it is shown', () => {
  expect(table(['a', 'b'], [['\u001b[31mx\n', 'y']])).toEqual([
    'a            b',
    String.raw`\x1b[31mx\n  y`,
  ]);
});
