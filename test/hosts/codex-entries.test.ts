import { expect, it } from 'vitest';
import { guarded } from '../../src/config/guard.ts';
import { planSettings } from '../../src/config/plan.ts';
import { isOurCommand } from '../../src/config/recognise.ts';
import { CODEX_RULES, codexEntries } from '../../src/hosts/codex/entries.ts';

const LAUNCHER = guarded('"$HOME/.local/share/stopgate/bin/stopgate-hook"');
const ENTRIES = codexEntries(LAUNCHER);

it('has the definitions that people trusted: a change here silences the hooks of everyone', () => {
  const session = `${LAUNCHER} session --host codex`;
  expect(ENTRIES).toEqual([
    { event: 'Stop', command: `${LAUNCHER} stop-gate-router --host codex`, timeout: 10 },
    { event: 'SessionStart', command: session, timeout: 5 },
    { event: 'UserPromptSubmit', command: `${LAUNCHER} prompt --host codex`, timeout: 5 },
    { event: 'PreCompact', command: session, timeout: 5 },
    { event: 'PostCompact', command: session, timeout: 5 },
    { event: 'SessionEnd', command: session, timeout: 3 },
  ]);
});

it('calls the launcher in the words that people trusted', () => {
  expect(LAUNCHER).toBe(
    String.raw`/bin/sh -c 'trap "[ \$? = 0 ]||echo {};exit 0" 0;command . "$0"' "$HOME/.local/share/stopgate/bin/stopgate-hook"`,
  );
});

it('registers commands that are recognised as ours', () => {
  expect(ENTRIES.filter(({ command }) => !isOurCommand(command))).toEqual([]);
});

it.each([
  ['a root key that Codex does not know', '{"hooks":{},"model":"gpt-5"}'],
  ['a byte order mark', '\uFEFF{"hooks":{}}'],
  ['a comment', '{"hooks":{}} // mine'],
])('refuses a file that Codex would drop whole: %s', (_name, text) => {
  expect(planSettings(text, ENTRIES, CODEX_RULES).kind).toBe('refuse');
});

it('puts our group behind those of a person, whose trust goes by position', () => {
  const mine = { hooks: [{ type: 'command', command: 'notify-me' }] };
  const before = JSON.stringify({ description: 'mine', hooks: { Stop: [mine] } });
  const plan = planSettings(before, ENTRIES, CODEX_RULES);
  if (plan.kind !== 'edit') throw new Error(`expected an edit, found ${plan.kind}`);

  const after = JSON.parse(plan.text);
  expect(after.hooks.Stop[0]).toEqual(mine);
  expect(Object.keys(after.hooks)).toHaveLength(ENTRIES.length);
  const removal = planSettings(plan.text, [], CODEX_RULES, plan.origin);
  expect(removal.kind === 'edit' && removal.text).toBe(before);
});
