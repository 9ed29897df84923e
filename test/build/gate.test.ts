import { expect, it } from 'vitest';
import { type Candidate, decide, ownedBuild, type Stop } from '../../src/build/gate.ts';
import { budgetOf, buildOf, candidateOf, LATER, type MATCHES } from './make.ts';

const stopOf = (changes: Partial<Stop> = {}): Stop => ({
  fromSubagent: false,
  waiting: false,
  isAlive: () => false,
  head: () => null,
  at: LATER,
  moment: 'boot:7',
  place: '/repo',
  ...changes,
});

const failedCheck = { command: 'npm test', outcome: 'exit code 1', tail: 'boom' };
const spent = { budget: budgetOf({ spent: 5 }) };
const told = { budget: budgetOf({ spent: 5, toldAt: LATER, cappedAt: 'boot:7' }) };
const streak = { budget: budgetOf({ limit: 10, spent: 7, streak: 7 }) };
const paused = { phase: 'paused', pausedFrom: 'executing' } as const;
const ended = { phase: 'complete' } as const;
const waiting = { waiting: true };

it.each<[string, Candidate[], Partial<Stop>, string]>([
  ['nothing armed', [], {}, 'approve inactive'],
  ["the owner's open build", [candidateOf('owner')], {}, 'block unfinished'],
  ["the heir's open build", [candidateOf('heir')], {}, 'block unfinished'],
  ['a failing check', [candidateOf('owner', { failedCheck })], {}, 'block check-failed'],
  ['paused', [candidateOf('owner', paused)], {}, 'approve paused'],
  ['complete', [candidateOf('owner', ended)], {}, 'approve terminal'],
  ['failed', [candidateOf('owner', { phase: 'failed' })], {}, 'approve terminal'],
  ['escalated', [candidateOf('owner', { phase: 'escalated' })], {}, 'approve terminal'],
  ['background work', [candidateOf('owner')], waiting, 'approve waiting'],
  [
    'background work and a failing check',
    [candidateOf('owner', { failedCheck })],
    waiting,
    'approve waiting',
  ],
  ['background work while paused', [candidateOf('owner', paused)], waiting, 'approve paused'],
  [
    'background work with the budget spent',
    [candidateOf('owner', spent)],
    waiting,
    'approve waiting',
  ],
  ['the budget is spent', [candidateOf('owner', spent)], {}, 'approve capped'],
  [
    'the budget is spent and a check fails',
    [candidateOf('owner', { ...spent, failedCheck })],
    {},
    'approve capped',
  ],
  ['seven in a row', [candidateOf('owner', streak)], {}, 'approve capped'],
  [
    'paused with the budget spent',
    [candidateOf('owner', { ...paused, ...spent })],
    {},
    'approve paused',
  ],
  ["another's", [candidateOf('foreign')], {}, 'approve foreign'],
  ["another's, with background work", [candidateOf('foreign')], waiting, 'approve foreign'],
  [
    "another's, with a failing check",
    [candidateOf('foreign', { failedCheck })],
    {},
    'approve foreign',
  ],
  ["another's, spent", [candidateOf('foreign', spent)], {}, 'approve foreign'],
  ["another's, ended", [candidateOf('foreign', ended)], {}, 'approve inactive'],
  ["another's, paused", [candidateOf('foreign', paused)], {}, 'approve foreign'],
  ["nobody's", [candidateOf('unowned')], {}, 'approve unowned'],
  ['nobody known asks', [candidateOf('unknown')], {}, 'approve unknown-identity'],
  [
    "another's and nobody's",
    [candidateOf('unowned'), candidateOf('foreign')],
    {},
    'approve foreign',
  ],
  [
    "nobody's, asked by nobody known",
    [candidateOf('unowned'), candidateOf('unknown')],
    {},
    'approve unknown-identity',
  ],
  [
    "mine among others'",
    [candidateOf('foreign'), candidateOf('unowned'), candidateOf('owner')],
    {},
    'block unfinished',
  ],
  [
    'mine is ended, another is open',
    [candidateOf('foreign'), candidateOf('owner', ended)],
    {},
    'approve terminal',
  ],
  [
    'one of mine is open',
    [candidateOf('owner', ended), candidateOf('owner', paused), candidateOf('heir')],
    {},
    'block unfinished',
  ],
  ["a subagent's stop", [candidateOf('owner')], { fromSubagent: true }, 'approve foreign'],
  ["a subagent's stop, nothing armed", [], { fromSubagent: true }, 'approve foreign'],
])('%s', (_name, candidates, stop, expected) => {
  const before = structuredClone(candidates);
  const { verdict, save } = decide(candidates, stopOf(stop));
  expect(`${verdict.decision} ${verdict.cause}`).toBe(expected);
  expect(candidates).toEqual(before);
  if (verdict.decision === 'block') expect(save?.budget.spent).toBe(1);
  else if (verdict.cause !== 'capped') expect(save).toBeNull();
});

it('a block takes one from the budget, and says how many are left', () => {
  const { verdict, save } = decide([candidateOf('owner')], stopOf());
  expect(save).toEqual(buildOf({ budget: budgetOf({ spent: 1, streak: 1 }), updatedAt: LATER }));
  expect(verdict).toMatchObject({ reason: expect.stringContaining('Reminder 1 of 5.') });
});

it('a spent budget tells the person once, and is saved for that only', () => {
  const first = decide([candidateOf('owner', spent)], stopOf());
  expect(first.verdict).toMatchObject({ systemMessage: expect.stringContaining('still open') });
  expect(first.save?.budget).toEqual(told.budget);
  const second = decide([candidateOf('owner', told)], stopOf());
  expect(second.verdict).toEqual({ decision: 'approve', cause: 'capped' });
  expect(second.save).toBeNull();
});

it("reads the commit of the owner's checkout and of no other", () => {
  const asked: string[] = [];
  const head = (checkout: string) => {
    asked.push(checkout);
    return null;
  };
  const mine = { checkouts: ['/mine'] };
  for (const kind of ['foreign', 'unowned', 'unknown', 'owner'] as const) {
    decide([candidateOf(kind, mine)], stopOf({ head }));
  }
  decide([candidateOf('owner', { ...mine, ...paused })], stopOf({ head }));
  decide([candidateOf('owner', mine)], stopOf({ head, waiting: true }));
  expect(asked).toEqual(['/mine']);
});

it('only an heir hears of release', () => {
  const reason = (kind: 'owner' | 'heir') => decide([candidateOf(kind)], stopOf()).verdict;
  expect(reason('heir')).toMatchObject({ reason: expect.stringContaining('build release') });
  expect(reason('owner')).not.toMatchObject({ reason: expect.stringContaining('release') });
});

it('of two builds, the firmer proof comes first; open before paused before ended', () => {
  const of = (id: string, match: keyof typeof MATCHES, changes = {}) =>
    candidateOf(match, { id, ...changes });
  const pick = (...all: Candidate[]) => ownedBuild(all)?.build.id;
  expect(pick(of('a', 'restarted'), of('b', 'heir'), of('c', 'owner'))).toBe('c');
  expect(pick(of('a', 'restarted'), of('b', 'owner', paused))).toBe('a');
  expect(pick(of('a', 'owner', ended), of('b', 'restarted', paused))).toBe('b');
  expect(pick(of('a', 'foreign'), of('b', 'unowned'))).toBeUndefined();
});
