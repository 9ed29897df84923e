import { expect, it } from 'vitest';
import { codexRulesPath, planRules, RULES_TEXT } from '../../src/hosts/codex/rules.ts';

it('lets out of the sandbox what an agent needs, and no command that runs others', () => {
  const rules = RULES_TEXT.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(rules).toEqual([
    'prefix_rule(pattern=["stopgate", ["build", "status"]], decision="allow")',
  ]);
});

it.each<[string, string | null, boolean, object]>([
  ['no file', null, false, { kind: 'write', text: RULES_TEXT }],
  ['our file', RULES_TEXT, true, { kind: 'unchanged' }],
  [
    'a person’s file',
    'prefix_rule(pattern=["stopgate"], decision="forbidden")\n',
    false,
    { kind: 'kept' },
  ],
  ['our file, which nobody wrote down', RULES_TEXT, false, { kind: 'unchanged' }],
  ['the file of an older stopgate', '# older\n', true, { kind: 'write', text: RULES_TEXT }],
  ['an empty file', '', false, { kind: 'kept' }],
])('%s', (_name, current, isAsWritten, plan) => {
  expect(planRules(current, isAsWritten)).toEqual(plan);
});

it('lies among the rules of the Codex home', () => {
  expect(codexRulesPath({ HOME: '/h' })).toBe('/h/.codex/rules/stopgate.rules');
  expect(codexRulesPath({ HOME: '/h', CODEX_HOME: '/c' })).toBe('/c/rules/stopgate.rules');
});
