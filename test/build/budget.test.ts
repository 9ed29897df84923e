import { expect, it } from 'vitest';
import { MAX_STREAK, spend } from '../../src/build/budget.ts';
import { addStep, toPhase } from '../../src/build/change.ts';
import { type Build, SIZES } from '../../src/build/schema.ts';
import { AT, budgetOf, buildOf, LATER } from './make.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

/** Stops until the budget gives out; `between` happens after each block. */
function blocks(build: Build, between: (build: Build, n: number) => Build = (b) => b) {
  let now = build;
  for (let n = 1; n < 100; n++) {
    const spending = spend(now, null, LATER, 'boot:7');
    if (spending.kind === 'spent') return { count: n - 1, spending };
    now = between(spending.build, n);
  }
  throw new Error('it never gives out');
}

it.each(Object.entries(SIZES))(
  '%s blocks at most %i times, and at most 7 in a row',
  (_size, limit) => {
    const { count, spending } = blocks(buildOf({ budget: budgetOf({ limit }) }));
    expect(count).toBe(Math.min(limit, MAX_STREAK));
    expect(spending.bound).toBe(limit > MAX_STREAK ? 'streak' : 'limit');
  },
);

it('the cap in a row stays under the 8 of Claude Code', () => expect(MAX_STREAK).toBe(7));

it.each<[string, (build: Build, n: number) => Build]>([
  ['a step each', (b) => addStep(b, { description: 'd' }, AT)],
  ['one step after the fifth', (b, n) => (n === 5 ? addStep(b, { description: 'd' }, AT) : b)],
  ['one phase move after the fifth', (b, n) => (n === 5 ? toPhase(b, 'verifying', AT) : b)],
])('progress gives the whole of a large budget: %s', (_name, between) => {
  const large = buildOf({ budget: budgetOf({ limit: 10 }) });
  expect(blocks(large, between)).toMatchObject({ count: 10, spending: { bound: 'limit' } });
});

it.each([
  ['a new commit', A, B, 1],
  ['the same commit', A, A, 7],
  ['a commit that cannot be told', A, null, 7],
  ['the first commit of a new repository', null, A, 1],
])('after six in a row, %s', (_name, before, head, streak) => {
  const build = buildOf({ head: before, budget: budgetOf({ limit: 10, spent: 6, streak: 6 }) });
  const spending = spend(build, head, LATER, 'boot:7');
  expect(spending).toMatchObject({ kind: 'spend', build: { budget: { spent: 7, streak } } });
  expect(spending.build.head).toBe(head ?? before);
});

it('a new commit lifts the second bound, and is in the history', () => {
  const build = buildOf({ head: A, budget: budgetOf({ limit: 10, spent: 7, streak: 7 }) });
  expect(spend(build, A, LATER, 'boot:7').kind).toBe('spent');
  const spending = spend(build, B, LATER, 'boot:7');
  expect(spending.kind).toBe('spend');
  expect(spending.build.history.at(-1)).toEqual({ at: LATER, what: 'commit', note: B });
});

it('a new commit never lifts the first', () => {
  const build = buildOf({ head: A, budget: budgetOf({ spent: 5, streak: 1 }) });
  expect(spend(build, B, LATER, 'boot:7')).toMatchObject({ kind: 'spent', bound: 'limit' });
});

it('the person is told once, and again when it gave out again', () => {
  const spent = buildOf({ budget: budgetOf({ limit: 10, spent: 7, streak: 7 }) });
  const first = spend(spent, null, LATER, 'boot:7');
  expect(first).toMatchObject({ kind: 'spent', tell: true, build: { budget: { toldAt: LATER } } });
  expect(spend(first.build, null, LATER, 'boot:7')).toMatchObject({ kind: 'spent', tell: false });
  const again = blocks(addStep(first.build, { description: 'd' }, AT));
  expect(again).toMatchObject({ count: 3, spending: { bound: 'limit', tell: true } });
});

it('a spent budget is not spent further, and nothing but "told" changes', () => {
  const build = buildOf({ budget: budgetOf({ spent: 5 }) });
  const { build: after } = spend(build, null, LATER, 'boot:7');
  expect(after).toEqual({
    ...build,
    budget: { ...build.budget, toldAt: LATER, cappedAt: 'boot:7' },
  });
});
