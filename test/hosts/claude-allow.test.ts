import { expect, it } from 'vitest';
import { CLAUDE_ALLOW, isWideRule } from '../../src/hosts/claude/allow.ts';

/** Matches as Claude Code does: what stands before `:*`, then the end or a blank. */
function matches(command: string): boolean {
  return CLAUDE_ALLOW.some((rule) => {
    const prefix = /^Bash\((.+):\*\)$/.exec(rule)?.[1] ?? rule;
    return command === prefix || command.startsWith(`${prefix} `);
  });
}

it.each([
  'stopgate build wait --until "touch /tmp/x"',
  'stopgate build watch b 99999999999999 "touch /tmp/x"',
  'stopgate build start "x" --check "touch /tmp/x"',
  'stopgate build start "x" --worktree',
  'stopgate build complete',
  'stopgate build phase complete',
  'stopgate build phase --evidence x complete',
  'stopgate build --help',
  'stopgate build',
  'stopgate run --role x -- touch /tmp/x',
  'stopgate checks trust',
  'stopgate install --allow',
])('leaves the question to the person: %s', (command) => {
  expect(matches(command)).toBe(false);
});

it.each([
  'stopgate build step "done" --tests 3 --passing 3',
  'stopgate build phase verifying --evidence "all of it"',
  'stopgate build pause --reason "which one?"',
  'stopgate build status --json',
  'stopgate status --why',
])('is not asked about: %s', (command) => {
  expect(matches(command)).toBe(true);
});

it.each([
  'Bash(stopgate build:*)',
  'Bash(stopgate:*)',
  'Bash(stopgate *)',
  'Bash(stopgate build wait:*)',
  'Bash(stopgate run *)',
])('is told as too wide: %s', (rule) => {
  expect(isWideRule(rule)).toBe(true);
});

it.each([...CLAUDE_ALLOW, 'Bash(stopgate build complete)', 'Bash(ls:*)', 7, null])(
  'is not told as too wide: %s',
  (rule) => {
    expect(isWideRule(rule)).toBe(false);
  },
);
