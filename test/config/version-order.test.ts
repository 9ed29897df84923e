import { expect, it } from 'vitest';
import { isNewer } from '../../src/config/version-order.ts';

it.each([
  ['0.1.1', '0.1.0', true],
  ['0.10.0', '0.9.9', true],
  ['1.0.0', '0.99.99', true],
  ['1.0.0', '1.0.0-beta.1', true],
  ['1.0.0-beta.10', '1.0.0-beta.9', true],
  ['1.0.1-beta.1', '1.0.0', true],
  ['1.0.0', '1.0.0', false],
  ['1.0.0-beta.1', '1.0.0', false],
  ['1.0.0-beta.1', '1.0.0-beta.1', false],
  ['1.0.0+build.2', '1.0.0+build.1', false],
  ['0.9.9', '0.10.0', false],
])('%s is newer than %s: %s', (a, b, expected) => {
  expect(isNewer(a, b)).toBe(expected);
});
