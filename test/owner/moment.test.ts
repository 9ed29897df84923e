import { expect, it } from 'vitest';
import { isBefore, latest, momentNow, momentOf } from '../../src/owner/moment.ts';
import { readProcess } from '../../src/owner/process.ts';

const mine = readProcess(process.pid)?.start ?? '';

it('now comes after the start of this process, on the same clock', () => {
  const now = momentNow();
  expect(isBefore(momentOf(mine) ?? '', now)).toBe(true);
  expect(isBefore(now, momentOf(mine) ?? '')).toBe(false);
});

it.each<[string, string, string, number, boolean]>([
  ['earlier ticks of one boot', 'b:1', 'b:2', 0, true],
  ['the same tick', 'b:2', 'b:2', 0, true],
  ['later ticks', 'b:3', 'b:2', 0, false],
  ['later ticks within the grace', 'b:502', 'b:2', 5, true],
  ['later ticks beyond the grace', 'b:503', 'b:2', 5, false],
  ['ticks of another boot, which was before this one', 'a:9', 'b:2', 0, true],
  ['ticks of one digit more', 'b:9', 'b:10', 0, true],
  ['seconds of a clock', 'wall:5', 'wall:6', 0, true],
  ['seconds within the grace', 'wall:11', 'wall:6', 5, true],
  ['a boot and a clock', 'b:1', 'wall:2', 0, false],
  ['a clock and a boot', 'wall:1', 'b:2', 0, false],
  ['what is no moment', 'x', 'b:2', 0, false],
  ['before what is no moment', 'b:1', '', 0, false],
])('%s: is it before?', (_name, earlier, later, grace, expected) => {
  expect(isBefore(earlier, later, grace)).toBe(expected);
});

it.each<[string, string | null]>([
  ['0b1c-2d:77', '0b1c-2d:77'],
  ['Sat Nov 21 17:54:41 2026', 'wall:1795283681'],
  ['', null],
  ['x', null],
])('the start %j of a process is the moment %j', (start, expected) => {
  expect(momentOf(start)).toBe(expected);
});

it('the latest of several moments is found, whatever else is among them', () => {
  expect(latest(['b:1', null, 'b:3', undefined, 'b:2', 'x'])).toBe('b:3');
  expect(latest([null, undefined])).toBeNull();
});
