import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toPhase } from '../../src/build/change.ts';
import { isTerminal, PHASES, type Phase } from '../../src/build/phases.ts';
import { blockReason, cappedMessage } from '../../src/build/reason.ts';
import type { Build } from '../../src/build/schema.ts';
import { AT, budgetOf, buildOf } from './make.ts';

const BLOCKING = PHASES.filter((phase) => !isTerminal(phase) && phase !== 'paused');
const FILLERS = {
  ascii: 'x',
  wide: '漢',
  emoji: '😀',
  shifted: 'x😀😀',
  mark: 'e\u0301',
  control: '\u001b[31m',
  quote: '"\\',
};

function huge(filler: string, phase: Phase): Build {
  const text = filler.repeat(1000);
  return buildOf({
    phase,
    id: 'a'.repeat(64),
    task: text,
    steps: Array.from({ length: 99 }, () => ({
      at: AT,
      description: text,
      tests: 1e9,
      passing: 1e9,
    })),
    failedCheck: { command: text, outcome: text, tail: Array(30).fill(text).join('\n') },
    budget: budgetOf({ limit: 10, spent: 10 }),
  });
}

/** Codex drops an answer that holds half a surrogate pair; a character cut in two shows as U+FFFD. */
const isWellFormed = (text: string) =>
  Buffer.from(text).toString() === text && !text.includes('\uFFFD');

const COMMANDS = [
  'stopgate build step "<what you did>"',
  'stopgate build pause --reason "<question>"',
  'stopgate build fail',
  'stopgate build release',
  'Reminder 10 of 10.',
];

it.each(Object.entries(FILLERS))(
  'huge texts of %s: at most 2 KB, and every command is there',
  (_name, filler) => {
    for (const phase of BLOCKING) {
      const reason = blockReason(huge(filler, phase), true, filler);
      expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(2048);
      for (const command of COMMANDS) expect(reason).toContain(command);
      expect(isWellFormed(reason)).toBe(true);
      expect(isWellFormed(cappedMessage(huge(filler, phase), 'limit'))).toBe(true);
    }
  },
);

it('any text: bounded, well formed, one line each, without control characters', () => {
  const text = fc.string({ unit: 'binary', maxLength: 700 }).map((t) => t.replaceAll('\uFFFD', ''));
  fc.assert(
    fc.property(text, text, text, text, (task, description, command, tail) => {
      const build = buildOf({
        task,
        steps: [{ at: AT, description }],
        failedCheck: { command, outcome: 'exit code 1', tail },
      });
      for (const said of [blockReason(build, true, null), cappedMessage(build, 'streak')]) {
        expect(Buffer.byteLength(said)).toBeLessThanOrEqual(2048);
        expect(isWellFormed(said)).toBe(true);
        expect(said).not.toMatch(/[^\P{Cc}\n]/u);
        expect(JSON.parse(JSON.stringify(said))).toBe(said);
      }
    }),
    { numRuns: 150, seed: 7 },
  );
});

it('says what is unfinished, the next move, and the commands', () => {
  const build = buildOf({
    steps: [{ at: AT, description: 'lexer', tests: 12, passing: 11 }],
    budget: budgetOf({ spent: 2 }),
  });
  expect(blockReason(build, false, '/repo')).toMatchInlineSnapshot(`
    "stopgate: build add-a-parser-a1b2c3 is not finished, and this session owns it.
    Task: add a parser
    Phase: executing. 1 step recorded, the last: lexer (11 of 12 tests pass).
    Next: do the next piece of the task; when all is done, verify.
    Commands:
      stopgate build phase verifying    (the next move)
      stopgate build step "<what you did>"    (record progress)
      stopgate build complete    (all of it is done)
      stopgate build pause --reason "<question>"    (only a person can answer it)
      stopgate build wait --until "<command>"    (something outside has to finish first)
      stopgate build fail    (it cannot be done)
    Reminder 2 of 5."
  `);
});

it('shows the failing check with the end of its output', () => {
  const tail = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n');
  const failedCheck = { command: 'npm test', outcome: 'exit code 1', tail };
  const reason = blockReason(buildOf({ failedCheck }), false, null);
  expect(reason).toContain('Failing check: npm test (exit code 1)');
  expect(reason).toContain('line 29');
  expect(reason).not.toContain('line 3\n');
});

it.each(BLOCKING)('from %s, every command that it names is a legal move', (phase) => {
  for (const failedCheck of [null, { command: 'c', outcome: 'exit code 1', tail: '' }]) {
    const build = buildOf({ phase, failedCheck });
    const reason = blockReason(build, true, null);
    const named = [...reason.matchAll(/stopgate build (?:phase (\w+)|(complete|fail))\b/g)];
    expect(named.length).toBeGreaterThan(1);
    for (const [, to, verb] of named) {
      const target = verb === 'fail' ? 'failed' : ((to ?? verb) as Phase);
      expect(() => toPhase(build, target, AT)).not.toThrow();
    }
  }
});

it.each([
  ['limit', 'all 5 reminders are spent'],
  ['streak', '7 reminders in a row brought no progress'],
] as const)('the person reads that the %s is reached', (bound, words) => {
  const message = cappedMessage(buildOf({ budget: budgetOf({ streak: 7 }) }), bound);
  for (const part of [
    words,
    'add-a-parser-a1b2c3',
    'add a parser',
    'executing',
    'stopgate status',
  ]) {
    expect(message).toContain(part);
  }
});
