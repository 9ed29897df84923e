import { expect, it } from 'vitest';
import {
  addStep,
  changed,
  checkFailed,
  claim,
  pause,
  progressed,
  release,
  renew,
  resume,
  toPhase,
} from '../../src/build/change.ts';
import type { Build } from '../../src/build/schema.ts';
import { stampOf } from '../owner/make.ts';
import { AT, budgetOf, buildOf, LATER } from './make.ts';

const reminded = (changes: Partial<Build> = {}) =>
  buildOf({ budget: budgetOf({ spent: 4, streak: 4 }), ...changes });

it.each<[string, (build: Build) => Build, Partial<Build>]>([
  ['a phase move', (b) => toPhase(b, 'verifying', LATER, 'it runs'), { phase: 'verifying' }],
  [
    'a step',
    (b) => addStep(b, { description: 'parsed', tests: 2, passing: 1 }, LATER),
    {
      steps: [{ at: LATER, description: 'parsed', tests: 2, passing: 1 }],
    },
  ],
  [
    'a pause',
    (b) => pause(b, 'which one?', LATER),
    {
      phase: 'paused',
      pausedFrom: 'executing',
      pauseReason: 'which one?',
    },
  ],
])('%s is progress: the streak starts afresh, what was spent stays', (_name, edit, expected) => {
  const before = reminded();
  const copy = structuredClone(before);
  const after = edit(before);
  expect(after).toMatchObject({ ...expected, updatedAt: LATER });
  expect(after.budget).toEqual(budgetOf({ spent: 4, streak: 0 }));
  expect(after.history).toHaveLength(2);
  expect(before).toEqual(copy);
});

it.each<[string, (build: Build) => Build]>([
  [
    'a failed check',
    (b) => checkFailed(b, { command: 'c', outcome: 'exit code 1', tail: '' }, LATER),
  ],
  ['a release', (b) => release(b, LATER)],
])('%s is no progress', (_name, edit) => {
  expect(edit(reminded()).budget.streak).toBe(4);
});

it('pause and resume lead back to where it was', () => {
  for (const phase of [
    'idle',
    'clarify',
    'planning',
    'verifying',
    'fixing',
    'hardening',
  ] as const) {
    const back = resume(pause(buildOf({ phase, fixRounds: 2 }), 'why?', AT), LATER);
    expect(back).toMatchObject({ phase, fixRounds: 2, pausedFrom: null, pauseReason: null });
  }
});

it('release leaves an open build without owner', () => {
  expect(release(buildOf(), LATER)).toMatchObject({ owner: null, phase: 'executing' });
});

it.each<[string, () => Build, string, string]>([
  [
    'an illegal move',
    () => toPhase(buildOf({ phase: 'planning' }), 'complete', AT),
    'illegal-move',
    'executing, failed, escalated, paused',
  ],
  [
    'a move of a paused build',
    () => toPhase(buildOf({ phase: 'paused', pausedFrom: 'idle' }), 'executing', AT),
    'illegal-move',
    'stopgate build resume',
  ],
  [
    'a move of an ended build',
    () => toPhase(buildOf({ phase: 'complete' }), 'executing', AT),
    'illegal-move',
    'stopgate build start',
  ],
  [
    'pausing an ended build',
    () => pause(buildOf({ phase: 'failed' }), 'r', AT),
    'illegal-move',
    'stopgate build start',
  ],
  ['resuming an open build', () => resume(buildOf(), AT), 'not-paused', 'stopgate build status'],
  [
    'a step in an ended build',
    () => addStep(buildOf({ phase: 'complete' }), { description: 'd' }, AT),
    'terminal',
    'stopgate build start',
  ],
  [
    'releasing an ended build',
    () => release(buildOf({ phase: 'escalated' }), AT),
    'terminal',
    'stopgate build start',
  ],
])('refuses %s, and says what to do', (_name, edit, code, hint) => {
  expect(edit).toThrow(expect.objectContaining({ code, hint: expect.stringContaining(hint) }));
});

it('history keeps how it began and the newest, 500 in all', () => {
  let build = buildOf();
  for (let n = 0; n < 700; n++) build = changed(build, { at: AT, what: `n${n}` });
  expect(build.history).toHaveLength(500);
  expect(build.history[0]?.what).toBe('started');
  expect(build.history.at(-1)?.what).toBe('n699');
  expect(build.history[1]?.what).toBe('n201');
});

it('unknown keys survive every edit', () => {
  const build = { ...buildOf(), later: { x: 1 }, budget: { ...budgetOf(), later: 2 } };
  const after = progressed(pause(addStep(build, { description: 'd' }, AT), 'r', AT), {
    at: AT,
    what: 'x',
  });
  expect(after).toMatchObject({ later: { x: 1 }, budget: { later: 2 } });
});

it('a move to the phase that it is in is done already, and changes nothing', () => {
  const build = buildOf({ phase: 'verifying' });
  expect(toPhase(build, 'verifying', LATER)).toBe(build);
});

it('pausing a paused build only changes the question', () => {
  const paused = buildOf({ phase: 'paused', pausedFrom: 'idle', pauseReason: 'q' });
  const again = pause(paused, 'r', LATER);
  expect(again).toEqual({ ...paused, pauseReason: 'r', updatedAt: LATER });
});

it('a renewed build has its whole budget, and says what was spent', () => {
  const spent = budgetOf({ spent: 5, streak: 3, toldAt: AT, cappedAt: 'boot:1' });
  const build = renew(buildOf({ budget: spent }), LATER, 'boot:2');
  expect(build.budget).toEqual(budgetOf({ renewedAt: 'boot:2' }));
  expect(build.history.at(-1)).toMatchObject({ what: 'renewed', note: '5 of 5 were spent' });
});

it('a claimed build remembers whose it was, each session once', () => {
  const owner = stampOf({ sessionId: 'session-b' });
  const build = buildOf({ owner: stampOf({ former: ['session-z', 'session-b'] }) });
  const claimed = claim(build, owner, LATER);
  expect(claimed.owner).toEqual({ ...owner, former: ['session-z', 'session-a'] });
  expect(claimed.history.at(-1)).toMatchObject({
    what: 'claimed',
    note: 'by session-b from claude session-a',
  });
});

it.each([
  ['claim', () => claim(buildOf({ phase: 'failed' }), stampOf(), AT)],
  ['renew', () => renew(buildOf({ phase: 'complete' }), AT, 'boot:1')],
])('refuses to %s an ended build', (_name, edit) => {
  expect(edit).toThrow(expect.objectContaining({ code: 'terminal' }));
});
