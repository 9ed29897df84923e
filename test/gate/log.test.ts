import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { addAnnotation, readAnnotations } from '../../src/gate/annotations.ts';
import { type LogFilter, lastRecords, readLog } from '../../src/gate/log.ts';
import { appendRecord } from '../../src/state/log.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const minutesAgo = (ago: number) => new Date(NOW - ago * 60_000).toISOString();

let paths: StatePaths;
beforeEach(() => {
  paths = statePaths(scratchDir());
});

it('finds the newest record of each build, in rotated files too', () => {
  expect(lastRecords(paths)).toEqual(new Map());
  mkdirSync(paths.events);
  writeFileSync(`${paths.gateLog}.1`, '{"build":"a","n":1}\n{"build":"b","n":2}\n');
  writeFileSync(paths.gateLog, '{"build":null,"n":3}\n{"build":"a","n":4}\n{"build":"b","n":');
  expect(lastRecords(paths)).toEqual(
    new Map([
      ['a', { build: 'a', n: 4 }],
      ['b', { build: 'b', n: 2 }],
    ]),
  );
});

it.each<[string, LogFilter, number[]]>([
  ['no filter', {}, [1, 2, 3, 4]],
  ['since', { since: 60 * 60_000 }, [2, 3]],
  ['the beginning of a session id', { session: 'ab' }, [1, 3]],
  ['the beginning of a build id', { build: 'port' }, [2]],
  ['all of them', { since: 60 * 60_000, session: 'ab', build: 'fix' }, [3]],
])('lists what a filter lets through: %s', (_, filter, expected) => {
  const records = [
    { n: 1, at: minutesAgo(90), session: 'abc', build: null },
    { n: 2, at: minutesAgo(60), session: 'x', build: 'port-1' },
    { n: 3, at: minutesAgo(1), session: 'ab', build: 'fix-1' },
    { n: 4, at: 'never' },
  ];
  for (const record of records) appendRecord(paths.gateLog, record);
  expect(readLog(paths, filter, NOW).map(({ record }) => record.n)).toEqual(expected);
});

it('the last word on a decision counts, and none is taken away', () => {
  appendRecord(paths.gateLog, { id: 'a', at: minutesAgo(1) });
  appendRecord(paths.gateLog, { id: 'b', at: minutesAgo(1) });
  addAnnotation(paths, 'a', { at: 't1', judgement: 'correct', note: null });
  addAnnotation(paths, 'a', { at: 't2', judgement: 'incorrect', note: 'it was done' });
  const words = [{ id: 'a' }, { id: 7, judgement: 'correct' }, { id: 'b', judgement: 'maybe' }];
  for (const word of words) appendRecord(paths.annotations, word);
  expect(readLog(paths, {}, NOW).map(({ annotation }) => annotation)).toEqual([
    { at: 't2', judgement: 'incorrect', note: 'it was done' },
    null,
  ]);
  expect(readAnnotations(paths).size).toBe(1);
});
