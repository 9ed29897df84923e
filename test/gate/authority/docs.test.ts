import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAnswer } from '../../../src/gate/authority/answer.ts';
import { askCommand } from '../../../src/gate/authority/command.ts';
import { questionText } from '../../../src/gate/authority/question.ts';
import { RULES } from '../../../src/gate/authority/rule-set.ts';
import { HOSTS } from '../../../src/hosts/index.ts';
import { scratchDir } from '../../build/scratch.ts';
import { evidenceFor, readTable, TABLES } from './table.ts';

const page = readFileSync(new URL('../../../docs/authority.md', import.meta.url), 'utf8');

/** The text of every fenced block of one language. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );

const event = HOSTS.claude.parseEvent({ session_id: 's', hook_event_name: 'Stop', cwd: '/' });
const question = questionText(
  event,
  evidenceFor('plan=1/2 commits=1 dirty=1', "I'll go on with step 2."),
);

/** The names of all keys, at every depth; of a list only its first entry. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [keysOf(value[0])] : [];
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]));
}

it('the question is documented with every key, and no other', () => {
  const [, documented = ''] = blocks('json').filter((text) => text.includes('"rules"'));
  const [written, real] = [JSON.parse(documented), JSON.parse(question)];
  expect(keysOf({ ...written, rules: {} })).toEqual(keysOf({ ...real, rules: {} }));
  expect(real.rules).toMatchObject(written.rules);
});

it('every rule is documented with its decision', () => {
  for (const [rule, decision] of Object.entries(RULES))
    expect(page).toContain(`| \`${decision}\` | \`${rule}\` |`);
});

it('the documented program answers as documented', async () => {
  const [program = ''] = blocks('js');
  const file = join(scratchDir(), 'judge.cjs');
  writeFileSync(file, program);
  const reply = await askCommand(`node '${file}'`, question, '/', Date.now() + 10_000);
  expect(reply.kind === 'text' ? parseAnswer(reply.text) : reply).toMatchObject({
    kind: 'answer',
    answer: { decision: 'continue', rule: 'plan-next-step-open', pointers: ['docs/plan.md'] },
  });
});

it('the numbers of labelled messages are the documented ones', () => {
  const sizes = TABLES.map((name) => [name, readTable(name).length] as const);
  for (const [name, size] of sizes) expect(page).toContain(`| \`${name}.txt\` | ${size} |`);
  const all = sizes.reduce((sum, [, size]) => sum + size, 0);
  expect(page).toContain(`judges ${all} labelled messages`);
});
