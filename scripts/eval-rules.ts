import Table from 'cli-table3';
import { RULES, type Rule } from '../src/gate/authority/rule-set.ts';
import { judgeByRules } from '../src/gate/authority/rules.ts';
import { evidenceFor, type Labelled, NOW, readTable } from '../test/gate/authority/table.ts';

/**
 * Judges every labelled message by the `rules` authority and prints who was taken for what. Fails when a stop that was
 * to be allowed or escalated would have been held.
 */

const names = Object.keys(RULES) as Rule[];
const short = (rule: Rule) =>
  rule
    .split('-')
    .map((word) => word.slice(0, 4))
    .join('-');
let held = 0;

for (const name of ['tuning', 'held-out'] as const) {
  const rows = readTable(name).map((row) => ({ ...row, found: judge(row) }));
  show(name, rows);
  held += rows.filter(({ rule, found }) => isHeld(found.rule) && !isHeld(rule)).length;
}
if (held > 0) console.error(`${held} stops were held that should not have been`);
process.exitCode = held > 0 ? 1 : 0;

function judge({ context, message }: Labelled) {
  return judgeByRules(evidenceFor(context, message), NOW);
}

function isHeld(rule: Rule): boolean {
  return RULES[rule] === 'continue';
}

function show(name: string, rows: (Labelled & { found: ReturnType<typeof judge> })[]): void {
  const table = new Table({
    head: ['labelled as \\ judged as', ...names.map(short)],
    style: { head: [], border: [] },
  });
  const count = (label: Rule, found: Rule) =>
    rows.filter((row) => row.rule === label && row.found.rule === found).length || '';
  for (const label of names) table.push([label, ...names.map((found) => count(label, found))]);
  const wrong = rows.filter(({ rule, found }) => RULES[rule] !== found.decision);
  const sameRule = rows.filter(({ rule, found }) => rule === found.rule).length;
  const share = (part: number) => `${part} of ${rows.length}`;
  console.log(`\n${name}.txt: ${rows.length} messages`);
  console.log(table.toString());
  console.log(`same decision: ${share(rows.length - wrong.length)}; same rule: ${share(sameRule)}`);
  const falselyHeld = wrong.filter(({ found }) => isHeld(found.rule)).length;
  console.log(`held though labelled allow or escalate: ${falselyHeld}`);
  for (const row of rows) {
    if (row.rule === row.found.rule) continue;
    const where = `${name}.txt:${row.line}`;
    console.log(`  ${where} ${row.rule} judged ${row.found.rule}: ${row.found.because}`);
  }
}
