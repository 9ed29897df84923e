import { expect, it } from 'vitest';
import { composerOf, stillPart } from '../../src/idle/composer.ts';
import { rowsOf } from '../../src/idle/screen.ts';

/** Rows as `capture-pane -e` gave them for the real clients; `^` stands for the escape character and `[`. */
const screen = (captured: string[], x: number, y: number) => ({
  rows: rowsOf(captured.join('\n').replaceAll('^', '\u001b[')),
  cursor: { x, y },
});

const RULE = `^38;5;244m${'─'.repeat(40)}`;
const claude = (...lines: string[]) => [
  '^39m● Hello there.',
  '',
  '^39m                     ^38;5;246m◐ medium · /effort',
  RULE,
  ...lines,
  `^0m^38;5;244m^49m${'─'.repeat(40)}`,
  '^39m  ^38;5;246m⏸ manual mode on · ? for shortcuts^39m',
];
const empty = { kind: 'empty' };
const unknown = { kind: 'unknown' };
const typed = (text: string) => ({ kind: 'typed', text });

it.each([
  ['fresh', claude('^39m❯ ^7m'), 2, 4, empty],
  ['after a turn', claude('^39m❯ ^7m ^0m^39m^49m'), 2, 4, empty],
  ['half typed', claude('^39m❯ half typed^7m'), 12, 4, typed('half typed')],
  ['cursor at home', claude('^39m❯ ^7mh^0m^39m^49malf typed'), 2, 4, typed('half typed')],
  ['one letter, cursor at home', claude('^39m❯ ^7mh^0m^39m^49m'), 2, 4, typed('h')],
  ['a space', claude('^39m❯  ^7m ^0m'), 3, 4, typed('')],
  ['a suggestion', claude('^39m❯ ^7mT^0;2mry "fix lint errors"^0m'), 2, 4, empty],
  ['typed before a suggestion', claude('^39m❯ fi^7mx^0;2m lint^0m'), 4, 4, typed('fi')],
  ['shell mode', claude('! ^7m^39m ^0m^39m^49m'), 2, 4, typed('')],
  ['a second row', claude('^39m❯ a', '  ^7m ^0m^39m^49m'), 2, 5, typed('a')],
  ['an empty first row', claude('^39m❯', '  ^7m ^0m^39m^49m'), 2, 5, typed('')],
  ['a dialog', ['Do you want to proceed?', ' ❯ 1. Yes', '   2. No'], 1, 1, unknown],
  ['a dialog between rules', [RULE, 'Do you want to proceed?', '❯ 1. Yes', RULE], 1, 2, unknown],
  ['an editor', ['# text', '~', '~'], 0, 0, unknown],
  ['nothing', [''], 0, 0, unknown],
])('Claude Code, %s', (_, rows, x, y, expected) => {
  expect(composerOf('claude', screen(rows, x, y))).toEqual(expected);
});

const codex = (...lines: string[]) => [
  '^1;2m› ^0m^38;5;255m^48;5;238msay hello',
  '^39m^49m',
  '^2m• ^0m^39m^49mHello there.',
  '^2m  Worked for <1s • 08:56',
  '^0m^39m^49m',
  ...lines,
  '^0m^39m^49m',
  '  ^38;5;223mgpt-5 default^39m · ^38;5;151m/project',
];

it.each([
  ['idle', codex('^1m›^0m^39m^49m ^2mAsk Codex to do anything'), 2, 5, empty],
  ['half typed', codex('^1m›^0m^39m^49m half typed'), 12, 5, typed('half typed')],
  ['cursor at home', codex('^1m›^0m^39m^49m half typed'), 2, 5, typed('half typed')],
  [
    'a command and its menu',
    codex('^1;7m› /quit  ^0;7mexit Codex^1m', '^0m', '^1m›^0m /quit'),
    7,
    7,
    typed('/quit'),
  ],
  ['a second row', codex('^1m›^0m a', '  b'), 3, 6, typed('a\n  b')],
  ['an empty first row', codex('^1m›^0m^39m^49m', '  '), 2, 6, typed('')],
  ['no line at all', ['hello', ''], 0, 1, unknown],
])('Codex, %s', (_, rows, x, y, expected) => {
  expect(composerOf('codex', screen(rows, x, y))).toEqual(expected);
});

it('carries a look over to the next row, and takes the numbers of a colour for no look', () => {
  const [first, second] = rowsOf('\u001b[2mfaint\nstill\u001b[0;38;5;2mnot');
  expect(first).toEqual([{ text: 'faint', faint: true, inverse: false }]);
  expect(second).toEqual([
    { text: 'still', faint: true, inverse: false },
    { text: 'not', faint: false, inverse: false },
  ]);
  const [row] = rowsOf('\u001b[38;2;2;7;2ma\u001b[7mb\u001b[27;2mc\u001b[22md');
  expect(row?.map(({ faint, inverse }) => [faint, inverse])).toEqual([
    [false, false],
    [false, true],
    [true, false],
    [false, false],
  ]);
});

it('takes a clock below the line for no movement, and what is above it for one', () => {
  const at = (clock: string, above = '● Hello there.') =>
    stillPart('claude', screen([above, RULE, '❯ ', RULE, clock], 2, 2));
  expect(at('12:00:01')).toBe(at('12:00:02'));
  expect(at('12:00:01')).not.toBe(at('12:00:01', '✻ Thinking… 3s'));
});
