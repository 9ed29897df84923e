import { expect, it } from 'vitest';
import { coloursFor } from '../../src/commands/colour.ts';

it.each([
  ['a terminal', true, { TERM: 'xterm' }, true],
  ['a terminal that says nothing of itself', true, {}, true],
  ['a terminal without colours', true, { TERM: 'dumb' }, false],
  ['a terminal, and NO_COLOR', true, { TERM: 'xterm', NO_COLOR: '1' }, false],
  ['a file or a pipe', undefined, { TERM: 'xterm' }, false],
  ['a pipe of a CI', undefined, { CI: 'true' }, false],
  ['a pipe, and FORCE_COLOR', undefined, { FORCE_COLOR: '1' }, true],
])('%s', (_what, isTTY, env, isColoured) => {
  const stream = isTTY === undefined ? {} : { isTTY };
  expect(coloursFor(stream, env).red('x') !== 'x').toBe(isColoured);
});
