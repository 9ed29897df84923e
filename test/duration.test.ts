import { expect, it } from 'vitest';
import { durationArgument } from '../src/commands/duration-argument.ts';
import { parseDuration } from '../src/duration.ts';

it.each([
  ['1s', 1_000],
  ['90s', 90_000],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['4w', 2_419_200_000],
  ['007d', 604_800_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
  expect(durationArgument(text)).toBe(ms);
});

it.each([
  ...['', '7', 'd', '0s', '000w', '-1h', '+1h', '1.5h', '1e3s', '1 h', ' 1h', '1h ', '1h\n'],
  ...['1h30m', '1H', '1ms', '1y', '1000000s', '٣h', 'Infinityd', '1hs'],
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
  expect(() => durationArgument(text)).toThrow(/whole number above 0 and a unit.*found/s);
});

it('the longest one still names a time that exists', () => {
  const ms = parseDuration('999999w') ?? 0;
  expect(new Date(Date.now() - ms).toISOString()).toMatch(/^-\d{6}-/);
});
