import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { rightsFindings } from '../../src/config/doctor-rights.ts';
import { placeOf } from '../../src/config/site.ts';
import { CLAUDE_ALLOW } from '../../src/hosts/claude/allow.ts';
import { RULES_TEXT } from '../../src/hosts/codex/rules.ts';
import { scratchDir } from '../build/scratch.ts';

/** What doctor says in a home with these files. */
function found(files: Record<string, string>): string[] {
  const home = scratchDir();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  const place = placeOf(join(home, 'project'), { HOME: home });
  return rightsFindings(place).map(({ check, what }) => `${check}: ${what.replace(home, '')}`);
}

const allow = (...rules: unknown[]) => JSON.stringify({ permissions: { allow: rules } });

it('names rules with which an agent has any command run, wherever a person wrote them', () => {
  const files = {
    '.claude/settings.json': allow('Bash(ls:*)', 'Bash(stopgate build:*)', 7),
    'project/.claude/settings.local.json': allow('Bash(stopgate *)'),
    '.codex/rules/stopgate.rules': 'prefix_rule(pattern=["stopgate"], decision="allow")\n',
    '.codex/rules/default.rules': 'prefix_rule(pattern=["stopgate", "build"], decision="allow")\n',
  };
  expect(found(files)).toEqual([
    expect.stringContaining('/.claude/settings.json allows Bash(stopgate build:*)'),
    expect.stringContaining('/project/.claude/settings.local.json allows Bash(stopgate *)'),
    expect.stringContaining('/.codex/rules/default.rules has a rule for stopgate'),
    expect.stringContaining('/.codex/rules/stopgate.rules has a rule for stopgate'),
  ]);
});

it.each<[string, Record<string, string>]>([
  ['nothing at all', {}],
  [
    'what install --allow adds',
    {
      '.claude/settings.json': allow(...CLAUDE_ALLOW),
      '.codex/rules/stopgate.rules': RULES_TEXT,
    },
  ],
  ['settings that cannot be read', { '.claude/settings.json': '{ // mine' }],
  [
    'rules for other programs',
    { '.codex/rules/default.rules': '# "stopgate"\nprefix_rule(pattern=["ls"])\n' },
  ],
])('says nothing of %s', (_, files) => {
  expect(found(files)).toEqual([]);
});
