import Table from 'cli-table3';
import { type AuthorityDecision, RULES, type Rule } from '../src/gate/authority/rule-set.ts';
import { type Explained, judgeByRules } from '../src/gate/authority/rules.ts';
import {
  evidenceFor,
  type Labelled,
  NOW,
  readTable,
  TABLES,
} from '../test/gate/authority/table.ts';

/**
 * Judges every labelled message by the `rules` authority and prints who was taken for what. Fails when a stop that was
 * to be allowed would have been held.
 */

interface Judged extends Labelled {
  found: Explained;
}

const names = Object.keys(RULES) as Rule[];
const short = (rule: Rule) =>
  rule
    .split('-')
    .map((word) => word.slice(0, 4))
    .join('-');

const tables = TABLES.map((name) => ({ name, rows: readTable(name).map(judge) }));
for (const { name, rows } of tables) showMistakes(name, rows);
for (const { name, rows } of tables) showMatrix(`${name}.txt`, rows);
const all = tables.flatMap(({ rows }) => rows);
showMatrix('all messages', all);
process.exitCode = heldAmong(all, 'allow').length > 0 ? 1 : 0;

function judge(row: Labelled): Judged {
  return { ...row, found: judgeByRules(evidenceFor(row.context, row.message), NOW) };
}

function labelled(rows: readonly Judged[], decision: AuthorityDecision): Judged[] {
  return rows.filter(({ rule }) => RULES[rule] === decision);
}

function heldAmong(rows: readonly Judged[], decision: AuthorityDecision): Judged[] {
  return labelled(rows, decision).filter(({ found }) => found.decision === 'continue');
}

function showMistakes(name: string, rows: readonly Judged[]): void {
  for (const { rule, found, line } of rows) {
    if (rule === found.rule) continue;
    console.log(`${name}.txt:${line} ${rule} judged ${found.rule}: ${found.because}`);
  }
}

function showMatrix(title: string, rows: readonly Judged[]): void {
  const table = new Table({
    head: ['labelled \\ judged', ...names.map(short)],
    style: { head: [], border: [], compact: true },
  });
  const count = (label: Rule, found: Rule) =>
    rows.filter((row) => row.rule === label && row.found.rule === found).length || '';
  for (const label of names) table.push([label, ...names.map((found) => count(label, found))]);
  const same = rows.filter(({ rule, found }) => RULES[rule] === found.decision).length;
  const share = (decision: AuthorityDecision) =>
    `${heldAmong(rows, decision).length} of ${labelled(rows, decision).length} labelled ${decision}`;
  console.log(`\n${title}: ${rows.length} messages, ${same} with the labelled decision`);
  console.log(table.toString());
  console.log(`held: ${share('continue')}, ${share('escalate')}, ${share('allow')}`);
}
