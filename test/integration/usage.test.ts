import { afterEach, beforeEach, expect, it } from 'vitest';
import { cliSync } from '../support/cli.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

it.each([
  [['nosuch'], 'nosuch'],
  [['build', 'start'], 'task'],
  [['build', 'start', 'x', '--size', 'huge'], 'small, standard, large'],
  [['gate', 'mode', 'loud'], 'off, shadow, enforce, default'],
  [['gate', 'log', '--since', '5'], 'a unit'],
  [['session', 'keep', 'x'], '--reason'],
  [['log', 'prune'], '--unreferenced'],
  [['install', '--bogus'], '--bogus'],
])('%j is a usage error that says what is wrong and what next', (words, named) => {
  const { status, stdout, stderr } = cliSync(scratch, words);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(named);
  expect(stderr).toContain('(add --help for what is expected)');
});
