import { expect, it } from 'vitest';
import { HOSTS } from '../../src/hosts/index.ts';
import type { ApproveCause, BlockCause } from '../../src/verdict.ts';

/** `satisfies` keeps both lists whole: a new cause does not compile until it is here. */
const APPROVE = Object.keys({
  inactive: 1,
  terminal: 1,
  paused: 1,
  unowned: 1,
  foreign: 1,
  'unknown-identity': 1,
  'other-host': 1,
  waiting: 1,
  capped: 1,
  disabled: 1,
  error: 1,
} satisfies Record<ApproveCause, 1>) as ApproveCause[];
const BLOCK = Object.keys({
  unfinished: 1,
  'check-failed': 1,
  authority: 1,
} satisfies Record<BlockCause, 1>) as BlockCause[];

it.each(APPROVE)('approve, %s: nothing but what the host allows', (cause) => {
  const quiet = { decision: 'approve', cause } as const;
  const loud = { ...quiet, systemMessage: 'm' };
  expect(HOSTS.claude.renderVerdict(quiet)).toEqual({ decision: 'approve' });
  expect(HOSTS.claude.renderVerdict(loud)).toEqual({ decision: 'approve', systemMessage: 'm' });
  expect(HOSTS.codex.renderVerdict(quiet)).toEqual({});
  expect(HOSTS.codex.renderVerdict(loud)).toEqual({ systemMessage: 'm' });
});

it.each(BLOCK)('block, %s: the two keys and nothing else', (cause) => {
  for (const host of [HOSTS.claude, HOSTS.codex]) {
    const output = host.renderVerdict({ decision: 'block', cause, reason: 'r' });
    expect(Object.keys(output)).toEqual(['decision', 'reason']);
    expect(output).toEqual({ decision: 'block', reason: 'r' });
  }
});
