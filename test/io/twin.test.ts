import { expect, it } from 'vitest';
import { type Call, type Claim, isTwin } from '../../src/io/twin.ts';

const claim: Claim = { payload: 'p', boot: 'b', at: 1_000 };

it.each<[string, Claim | null, Partial<Call>, boolean]>([
  ['nobody answers yet', null, {}, false],
  ['it ran before the other took the event', claim, { since: 997 }, true],
  ['it was started when the other took the event', claim, { since: 1_000 }, false],
  ['it was started later: the same words again', claim, { since: 1_050 }, false],
  ['another event', claim, { payload: 'q' }, false],
  ['the machine was started anew', claim, { boot: 'c' }, false],
])('%s', (_name, before, more, expected) => {
  expect(isTwin(before, { payload: 'p', boot: 'b', since: 990, ...more })).toBe(expected);
});
