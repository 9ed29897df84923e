import { expect, it } from 'vitest';
import { type Blocks, claim } from '../../src/gate/hourly.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const minutesAgo = (...minutes: number[]): Blocks => ({
  schema: 1,
  at: minutes.map((ago) => new Date(NOW - ago * 60_000).toISOString()),
  toldAt: null,
});

it.each([
  ['the first block of a session', null, 2, true],
  ['one left in this hour', minutesAgo(10), 2, true],
  ['none left in this hour', minutesAgo(20, 10), 2, false],
  ['blocks of an hour ago no longer count', minutesAgo(61, 60, 10), 2, true],
  ['times far ahead no longer count', minutesAgo(-61, -500), 1, true],
])('%s', (_, before, perHour, granted) => {
  expect(claim(before, perHour, NOW).granted).toBe(granted);
});

it('keeps only what still counts', () => {
  const { blocks } = claim(minutesAgo(90, 30), 5, NOW);
  expect(blocks.at).toEqual([...minutesAgo(30).at, new Date(NOW).toISOString()]);
});

it('tells the person once, and again after the next block', () => {
  const full = claim(minutesAgo(10), 1, NOW);
  expect(full).toMatchObject({ granted: false, tell: true });
  expect(claim(full.blocks, 1, NOW)).toMatchObject({ granted: false, tell: false });
  const later = NOW + 60 * 60_000;
  const again = claim(full.blocks, 1, later);
  expect(again.granted).toBe(true);
  expect(claim(again.blocks, 1, later)).toMatchObject({ granted: false, tell: true });
});
