import { expect, it } from 'vitest';
import type { Annotation } from '../../src/gate/annotations.ts';
import type { LogEntry, LogRecord } from '../../src/gate/log.ts';
import { reportOf } from '../../src/gate/report.ts';
import { spreadOf } from '../../src/gate/spread.ts';

const entryOf = (record: LogRecord, judgement?: Annotation['judgement']): LogEntry => ({
  record: { session: 'a', verdict: 'approve', cause: 'inactive', ...record },
  annotation: judgement ? { at: 't', judgement, note: null } : null,
});
const block = (cause = 'unfinished', session = 'a') =>
  entryOf({ verdict: 'block', cause, session, build: 'b' });
const report = (...entries: LogEntry[]) => reportOf(entries);

it('sums nothing up', () => {
  expect(report()).toEqual({
    decisions: 0,
    from: null,
    to: null,
    blocks: {},
    releases: {},
    caps: {},
    errors: 0,
    otherHosts: {},
    authority: {},
    breakerOpenings: 0,
    annotations: { correct: 0, incorrect: 0, unclear: 0 },
    shadow: {
      block: { decisions: 0, correct: 0, incorrect: 0, unclear: 0 },
      approve: { decisions: 0, correct: 0, incorrect: 0, unclear: 0 },
      agreement: null,
    },
    latency: { whole: null, steps: {} },
  });
});

it('counts blocks by cause, and the stops that let a held session go', () => {
  const { blocks, releases } = report(
    block(),
    block('check-failed'),
    entryOf({ cause: 'foreign', session: 'b' }),
    entryOf({ cause: 'terminal' }),
    entryOf({ cause: 'inactive' }),
    block(),
    entryOf({ cause: 'capped', bound: 'streak' }),
  );
  expect(blocks).toEqual({ unfinished: 2, 'check-failed': 1 });
  expect(releases).toEqual({ terminal: 1, capped: 1 });
});

it('counts what let a stop go: bounds, errors, other agents, the breaker', () => {
  expect(
    report(
      entryOf({ cause: 'capped', bound: 'limit' }),
      entryOf({ cause: 'capped', bound: 'hour' }),
      entryOf({ cause: 'capped', bound: 'hour' }),
      entryOf({ cause: 'error' }),
      entryOf({ cause: 'other-host', host: 'copilot' }),
      entryOf({ cause: 'other-host', host: 'cursor' }),
      entryOf({ cause: 'other-host', host: 'copilot' }),
      entryOf({ authority: 'invalid', breaker: 'opened' }),
      entryOf({ authority: 'allow' }),
    ),
  ).toMatchObject({
    caps: { hour: 2, limit: 1 },
    errors: 1,
    otherHosts: { copilot: 2, cursor: 1 },
    breakerOpenings: 1,
    authority: { invalid: 1, allow: 1 },
  });
});

it('tells how often shadow was right, block and approve apart', () => {
  const authority = { mode: { build: 'enforce', authority: 'shadow' } };
  const would = { would: { verdict: 'block', cause: 'authority' } };
  const { shadow, annotations } = report(
    entryOf({ ...authority, authority: 'continue', ...would }, 'correct'),
    entryOf({ ...authority, authority: 'continue', ...would }, 'incorrect'),
    entryOf({ ...authority, authority: 'continue', ...would }),
    entryOf({ ...authority, authority: 'allow' }, 'correct'),
    entryOf({ ...authority, authority: 'escalate' }, 'unclear'),
    entryOf({ mode: { build: 'shadow' }, build: 'b', ...would }, 'correct'),
    entryOf({ mode: { build: 'shadow' }, build: null }, 'incorrect'),
    entryOf({ mode: { build: 'enforce' }, build: 'b', bound: 'hour', ...would }, 'incorrect'),
    entryOf({ mode: { authority: 'enforce' }, authority: 'continue' }, 'incorrect'),
  );
  expect(shadow).toEqual({
    block: { decisions: 4, correct: 2, incorrect: 1, unclear: 0 },
    approve: { decisions: 2, correct: 1, incorrect: 0, unclear: 1 },
    agreement: 0.75,
  });
  expect(annotations).toEqual({ correct: 3, incorrect: 4, unclear: 1 });
});

it('tells how long the hook and each of its steps took', () => {
  const { latency } = report(
    entryOf({ ms: 40, steps: { build: 10 } }),
    entryOf({ ms: 60, steps: { build: 30, checks: 900 } }),
    entryOf({ ms: 'slow', steps: null }),
  );
  expect(latency).toEqual({
    whole: { count: 2, p50: 40, p95: 60, max: 60 },
    steps: {
      build: { count: 2, p50: 10, p95: 30, max: 30 },
      checks: { count: 1, p50: 900, p95: 900, max: 900 },
    },
  });
});

it('a record of another version, or of nobody, breaks nothing', () => {
  const odd: LogRecord[] = [{}, { at: 7, mode: 'x', would: [], steps: 'y', cause: null, bound: 3 }];
  expect(reportOf(odd.map((record) => ({ record, annotation: null })))).toMatchObject({
    decisions: 2,
    blocks: {},
  });
});

it.each([
  [[], null],
  [[7], { count: 1, p50: 7, p95: 7, max: 7 }],
  [[3, 1, 2], { count: 3, p50: 2, p95: 3, max: 3 }],
  [Array.from({ length: 100 }, (_, n) => 100 - n), { count: 100, p50: 50, p95: 95, max: 100 }],
])('the spread of %j', (times, expected) => {
  expect(spreadOf(times)).toEqual(expected);
});
