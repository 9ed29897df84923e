import { expect, it } from 'vitest';
import type { Wait } from '../../src/build/schema.ts';
import { addWait, openWaits, withoutEnded } from '../../src/build/waits.ts';
import { AT, buildOf, LATER } from './make.ts';

const waitOf = (pid: number, changes: Partial<Wait> = {}): Wait => ({
  pid,
  start: `boot:${pid}`,
  what: 'make',
  ...changes,
});
const alive = ({ pid }: { pid: number }) => pid < 10;

it.each<[string, Wait[] | undefined, number[]]>([
  ['none', undefined, []],
  ['a process that is there', [waitOf(1)], [1]],
  ['one that ended', [waitOf(11)], []],
  ['one whose time is not over', [waitOf(1, { until: LATER })], [1]],
  ['one whose time is over', [waitOf(1, { until: AT })], []],
  ['several', [waitOf(1), waitOf(11), waitOf(2, { until: AT }), waitOf(3)], [1, 3]],
])('a build waits for: %s', (_, waits, expected) => {
  const build = buildOf(waits ? { waits } : {});
  expect(openWaits(build, alive, AT).map(({ pid }) => pid)).toEqual(expected);
  const after = withoutEnded(build, alive, AT);
  expect(openWaits(after, () => true, '').map(({ pid }) => pid)).toEqual(expected);
  expect(after === build).toBe(expected.length === (waits?.length ?? 0));
});

it('waiting is no progress, and the same process is waited for once', () => {
  const build = buildOf({ budget: { limit: 5, spent: 2, streak: 2, toldAt: null } });
  const once = addWait(build, waitOf(1), AT);
  const longer = addWait(once, waitOf(1, { until: LATER }), AT);
  const other = addWait(longer, waitOf(1, { start: 'boot:again' }), AT);
  expect(other.waits).toEqual([waitOf(1, { until: LATER }), waitOf(1, { start: 'boot:again' })]);
  expect(other.budget).toEqual(build.budget);
  expect(once.history.at(-1)).toEqual({ at: AT, what: 'waits', note: 'make' });
});

it('an ended build waits for nothing', () => {
  const refusal = expect.objectContaining({ code: 'terminal' });
  expect(() => addWait(buildOf({ phase: 'failed' }), waitOf(1), AT)).toThrow(refusal);
});
