import { expect, it } from 'vitest';
import { codexRulesPath, planRules, RULES_TEXT } from '../../src/hosts/codex/rules.ts';

/** What the version before wrote, which let every command out. */
const OLDER = `# Written by \`stopgate install\`; \`stopgate uninstall\` removes it. A changed file is left alone.
# Codex's sandbox keeps commands from writing outside the workspace, and with that from keeping the state of a build.
# These two run outside it when they are a command of their own, as in \`stopgate build complete\`.
prefix_rule(pattern=["stopgate", ["build", "status"]], decision="allow")
`;

it('names each subcommand that it lets out, and never the program alone', () => {
  const patterns = RULES_TEXT.split('prefix_rule(').slice(1);
  expect(patterns).toHaveLength(2);
  expect(patterns[0]).toMatch(/^\s*pattern=\["stopgate", "build", \[\s*"start", /);
  expect(patterns[0]).not.toContain('watch');
  expect(patterns[1]).toMatch(/^pattern=\["stopgate", "status"\], decision="allow"\)\s*$/);
});

it('means no file of that name in a workspace', () => {
  expect(RULES_TEXT).toContain('\nhost_executable(name="stopgate", paths=[])\n');
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
  ['that of 0.1, which nobody wrote down', OLDER, false, { kind: 'write', text: RULES_TEXT }],
  ['that of 0.1, changed by a person', `${OLDER}# mine\n`, false, { kind: 'kept' }],
  ['an empty file', '', false, { kind: 'kept' }],
])('%s', (_name, current, isAsWritten, plan) => {
  expect(planRules(current, isAsWritten)).toEqual(plan);
});

it('lies among the rules of the Codex home', () => {
  expect(codexRulesPath({ HOME: '/h' })).toBe('/h/.codex/rules/stopgate.rules');
  expect(codexRulesPath({ HOME: '/h', CODEX_HOME: '/c' })).toBe('/c/rules/stopgate.rules');
});
