import { expect, it } from 'vitest';
import { proveOnlyRules } from '../../../src/config/allow/proof.ts';
import { parseDocument } from '../../../src/config/document.ts';

function proves(shorter: string, longer: string): boolean {
  const [a, b] = [parseDocument(shorter), parseDocument(longer)];
  if (a.kind === 'refuse' || b.kind === 'refuse') throw new Error('not JSON');
  return proveOnlyRules(a, b, ['ours']);
}

it.each([
  ['a new key', '{"a": 1}', '{"a": 1, "permissions": {"allow": ["ours"]}}'],
  [
    'a new list',
    '{"permissions": {"deny": []}}',
    '{"permissions": {"deny": [], "allow": ["ours"]}}',
  ],
  ['one more', '{"permissions": {"allow": ["x"]}}', '{"permissions": {"allow": ["x", "ours"]}}'],
])('holds for %s', (_name, shorter, longer) => {
  expect(proves(shorter, longer)).toBe(true);
});

it.each([
  ['a rule gone', '{"permissions": {"allow": ["x"]}}', '{"permissions": {"allow": ["ours"]}}'],
  ['no rule added', '{"a": 1}', '{"a": 1}'],
  ['another one added', '{}', '{"permissions": {"allow": ["ours", "x"]}}'],
  [
    'another list changed',
    '{"permissions": {"deny": ["x"]}}',
    '{"permissions": {"allow": ["ours"]}}',
  ],
  ['a value rewritten', '{"a": 1.0}', '{"a": 1, "permissions": {"allow": ["ours"]}}'],
  ['a duplicate gone', '{"a": 1, "a": 2}', '{"a": 2, "permissions": {"allow": ["ours"]}}'],
])('fails for %s', (_name, shorter, longer) => {
  expect(proves(shorter, longer)).toBe(false);
});
