import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { type Blocks, claim, claimBlock } from '../../src/gate/hourly.ts';
import { statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';

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

it('each session has its own hour, and what is a day old goes when a new one is first held', () => {
  const paths = statePaths(scratchDir());
  const held = (session: string) => claimBlock(paths, session, 1, Date.now()).granted;
  expect([held('old'), held('old'), held('recent')]).toEqual([true, false, true]);
  expect(statSync(paths.blocks('old')).mode & 0o777).toBe(0o600);
  const yesterday = Date.now() / 1000 - 25 * 3600;
  utimesSync(paths.blocks('old'), yesterday, yesterday);
  expect(held('recent')).toBe(false);
  expect(existsSync(paths.blocks('old'))).toBe(true);
  expect(held('new')).toBe(true);
  expect(readdirSync(dirname(paths.blocks('x')))).toEqual(['new.json', 'recent.json']);
});

it('a corrupt file is set aside and counts as none; one of a newer stopgate is left alone', () => {
  const paths = statePaths(scratchDir());
  claimBlock(paths, 'a', 1, NOW);
  writeFileSync(paths.blocks('a'), '{"schema":1,"at":7');
  expect(claimBlock(paths, 'a', 1, NOW).granted).toBe(true);
  writeFileSync(paths.blocks('a'), '{"schema":9}');
  const refusal = expect.objectContaining({ code: 'newer-schema' });
  expect(() => claimBlock(paths, 'a', 1, NOW)).toThrow(refusal);
  expect(readFileSync(paths.blocks('a'), 'utf8')).toBe('{"schema":9}');
});
