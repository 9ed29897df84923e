import { expect, it } from 'vitest';
import { ruleFor, toolsFor } from '../../src/shutdown/rule.ts';

const RULES = [
  { role: 'intake', tool: 'mcp__board__hand_off' },
  { role: 'intake', tool: 'Bash', host: 'codex' as const, successPattern: '^handed off' },
  { role: 'review', tool: 'mcp__board__done', host: 'claude' as const },
  { role: 'review', tool: 'mcp__board__hand_off' },
];

it.each([
  ['intake', 'mcp__board__hand_off', 'claude', 0],
  ['intake', 'mcp__board__hand_off', 'codex', 0],
  ['intake', 'Bash', 'codex', 1],
  ['intake', 'Bash', 'claude', null],
  ['intake', 'mcp__board__done', 'claude', null],
  ['review', 'mcp__board__done', 'claude', 2],
  ['review', 'mcp__board__done', 'codex', null],
  ['review', 'mcp__board__hand_of', 'codex', null],
  ['Intake', 'mcp__board__hand_off', 'claude', null],
] as const)('role %s, tool %s, %s: rule %s', (role, tool, host, index) => {
  expect(ruleFor(RULES, role, tool, host)).toBe(index === null ? null : RULES[index]);
});

it('names each tool of a host once', () => {
  expect(toolsFor(RULES, 'claude')).toEqual(['mcp__board__done', 'mcp__board__hand_off']);
  expect(toolsFor(RULES, 'codex')).toEqual(['Bash', 'mcp__board__hand_off']);
  expect(toolsFor([], 'codex')).toEqual([]);
});
