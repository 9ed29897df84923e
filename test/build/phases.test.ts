import { expect, it } from 'vitest';
import { toPhase } from '../../src/build/change.ts';
import {
  isTerminal,
  MAX_FIX_ROUNDS,
  move,
  nextPhases,
  PHASES,
  type Phase,
} from '../../src/build/phases.ts';
import { AT, buildOf } from './make.ts';

/** docs/builds.md; every pair that is not here is illegal. */
const LEGAL: Record<Phase, string> = {
  idle: 'clarify planning executing failed escalated paused',
  clarify: 'planning failed escalated paused',
  planning: 'executing failed escalated paused',
  executing: 'verifying complete failed escalated paused',
  verifying: 'complete fixing hardening failed escalated paused',
  fixing: 'verifying failed escalated paused',
  hardening: 'complete failed escalated paused',
  complete: '',
  failed: '',
  escalated: '',
  paused: 'failed escalated',
};

const PAIRS = PHASES.flatMap((from) =>
  PHASES.map((to) => ({ from, to, legal: LEGAL[from].split(' ').includes(to) })),
);

it.each(PAIRS)('$from → $to: $legal', ({ from, to, legal }) => {
  const plan = move(from, to, 0);
  expect(plan.kind).toBe(legal ? 'moved' : 'illegal');
  if (plan.kind === 'moved') expect(plan.to).toBe(to);
  else expect(plan.open).toEqual(nextPhases(from));
});

it('terminal: complete, failed, escalated, and no other', () => {
  expect(PHASES.filter(isTerminal)).toEqual(['complete', 'failed', 'escalated']);
});

it.each([
  [0, 'fixing', 1],
  [1, 'fixing', 2],
  [MAX_FIX_ROUNDS - 1, 'fixing', MAX_FIX_ROUNDS],
  [MAX_FIX_ROUNDS, 'escalated', MAX_FIX_ROUNDS + 1],
])('after %i rounds of fixing, fixing leads to %s', (rounds, to, fixRounds) => {
  expect(move('verifying', 'fixing', rounds)).toEqual({ kind: 'moved', to, fixRounds });
});

it('a build that fixes and verifies for ever is escalated in its fourth round', () => {
  let build = buildOf({ phase: 'verifying' });
  const seen: Phase[] = [];
  for (let round = 0; round < 4; round++) {
    build = toPhase(build, 'fixing', AT);
    seen.push(build.phase);
    if (build.phase === 'fixing') build = toPhase(build, 'verifying', AT);
  }
  expect(seen).toEqual(['fixing', 'fixing', 'fixing', 'escalated']);
  expect(build.history.at(-1)).toMatchObject({ what: 'fix rounds spent', to: 'escalated' });
});
