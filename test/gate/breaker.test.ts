import { expect, it } from 'vitest';
import { afterAnswer, type Breaker, isOpen } from '../../src/gate/breaker.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const FRESH: Breaker = { failures: 0, openUntil: null };

/** The breaker after so many answers, each a second after the one before: `x` failed, `.` did not. */
function after(answers: string, from: Breaker = FRESH): Breaker {
  return [...answers].reduce(
    (breaker, answer, at) => afterAnswer(breaker, answer === 'x', NOW + at * 1000),
    from,
  );
}

it.each([
  ['', false],
  ['..', false],
  ['xx', false],
  ['xx.x', false],
  ['xxx', true],
  ['.xx.xxx', true],
])('%s: open is %s', (answers, open) => {
  expect(isOpen(after(answers), NOW + 10_000)).toBe(open);
});

it('it is open for five minutes, and then three more failures are needed', () => {
  const open = after('xxx');
  expect(isOpen(open, NOW + 2000 + 299_999)).toBe(true);
  expect(isOpen(open, NOW + 2000 + 300_000)).toBe(false);
  expect(isOpen(after('xx', open), NOW + 400_000)).toBe(false);
});

it('an answer while all is well changes nothing', () => {
  expect(afterAnswer(FRESH, false, NOW)).toBe(FRESH);
});

it('what a newer stopgate keeps in it stays', () => {
  expect(after('x', { ...FRESH, more: 1 } as Breaker)).toHaveProperty('more', 1);
});
