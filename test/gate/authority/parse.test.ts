import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../../src/gate/authority/answer.ts';
import { artifactKind } from '../../../src/gate/authority/artifact-kind.ts';
import { parseArtifactLog } from '../../../src/gate/authority/artifact-log.ts';
import { madeHere } from '../../../src/gate/authority/git-dir.ts';
import { countItems } from '../../../src/gate/authority/items.ts';
import { isNamed } from '../../../src/gate/authority/named.ts';
import { RULES } from '../../../src/gate/authority/rule-set.ts';
import { parseStatus } from '../../../src/gate/authority/status.ts';

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];

it.each<[string, 'plan' | 'spec' | 'todo' | null]>([
  ['PLAN.md', 'plan'],
  ['docs/implementation-plan.md', 'plan'],
  ['docs/plans/2026-01-01-parser.md', 'plan'],
  ['roadmap-v2.md', 'plan'],
  ['specs/login/overview.md', null],
  ['specs/login.md', 'spec'],
  ['docs/auth.spec.md', 'spec'],
  ['TODO', 'todo'],
  ['todo.txt', 'todo'],
  ['.tasks/one.md', 'todo'],
  ['src/parser.spec.ts', null],
  ['planet.md', null],
  ['explanation.md', null],
  ['README.md', null],
  ['plan.sh', null],
  ['node_modules/x/TODO.md', null],
  ['test/fixtures/plan.md', null],
  ['plan-\u2028x.md', null],
])('%s is a %s', (path, kind) => expect(artifactKind(path)).toBe(kind));

it.each<[string, string, boolean]>([
  ['docs/plan.md', 'I follow docs/plan.md now', true],
  ['docs/plan.md', 'I follow `docs/plan.md`.', true],
  ['docs/plan.md', 'see plan.md', true],
  ['a/docs/plan.md', 'see docs/plan.md', true],
  ['docs/plan.md', 'see my-plan.md', false],
  ['docs/plan.md', 'see plan.md.bak', false],
  ['docs/plan.md', 'see plan.mdx', false],
  ['docs/plan.md', 'that is the plan', false],
  ['TODO', 'TODO: nothing', false],
  ['plan.md', '', false],
])('%s is named by "%s": %s', (path, message, named) => expect(isNamed(path, message)).toBe(named));

it.each<[string, string, [open: number, done: number]]>([
  ['boxes of every list', '- [ ] a\n* [x] b\n+ [X] c\n1. [ ] d\n  2) [x] e', [2, 3]],
  ['no boxes', '- a\n[ ] b\n- [] c\n- [-] d\n- [ ]e', [0, 0]],
  ['those in code', '```\n- [ ] a\n```\n~~~\n- [ ] b\n```\n~~~\n- [ ] c', [1, 0]],
  ['a fence that never ends', '- [ ] a\n```\n- [ ] b', [1, 0]],
  ['nothing', '', [0, 0]],
])('items: %s', (_name, text, [open, done]) => expect(countItems(text)).toEqual({ open, done }));

it('the status of a working tree', () => {
  const entries = [
    `# branch.oid ${A}`,
    '# branch.head side',
    `1 .M N... 100644 100644 100644 ${B} ${B} a b.md`,
    `u UU N... 100644 100644 100644 100644 ${A} ${B} ${C} both sides.md`,
    '? new/',
  ];
  expect(parseStatus(`${entries.join('\0')}\0`)).toEqual({
    head: A,
    branch: 'side',
    changed: 3,
    conflicts: 1,
    dirtyPaths: new Set(['a b.md', 'both sides.md', 'new/']),
  });
});

it('before the first commit, and detached', () => {
  const status = parseStatus('# branch.oid (initial)\0# branch.head (detached)\0');
  expect(status).toMatchObject({ head: null, branch: null, changed: 0 });
});

it.each<[string, boolean, object]>([
  ['whole history', false, { introduced: A, latest: C }],
  ['a shallow clone', true, { introduced: null, latest: C }],
])('the commits of a path, of %s', (_name, shallow, expected) => {
  const text = `\x01${C} ${B}\0\nM\0my plan.md\0\x01${A} \0\nA\0my plan.md\0A\0other.md\0`;
  expect(parseArtifactLog(text, shallow).get('my plan.md')).toEqual(expected);
});

it('a walk that was cut short gives what it reached', () => {
  const histories = parseArtifactLog(`\x01${C} ${B}\0\nM\0plan.md\0\x01${A.slice(9)}`, false);
  expect([...histories]).toEqual([['plan.md', { introduced: null, latest: C }]]);
});

it('of the log of HEAD only commits that were made here, in this session, count', () => {
  const line = (to: string, seconds: number, what: string) =>
    `${A} ${to} A U Thor <a@example.com> ${seconds} +0100\t${what}`;
  const lines = [
    line(A, 99, 'commit: before'),
    line(B, 100, 'commit (amend): ours'),
    line(C, 101, 'pull: Fast-forward'),
    line('d'.repeat(40), 101, 'cherry-pick: ours'),
    line('e'.repeat(40), 101, 'rebase (pick): moved'),
    line('f'.repeat(40), 101, 'committed by name only'),
    'garbage',
  ];
  expect(madeHere(lines.join('\n'), 100)).toEqual(new Set([B, 'd'.repeat(40)]));
});

describe('an answer', () => {
  const good = { decision: 'allow', rule: 'work-complete', pointers: [] };
  it('is one JSON object', () => {
    expect(parseAnswer(` ${JSON.stringify(good)}\n`)).toEqual({ kind: 'answer', answer: good });
  });

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['words', 'continue'],
    ['two objects', `${JSON.stringify(good)}\n${JSON.stringify(good)}`],
    ['an object among words', `Sure: ${JSON.stringify(good)}`],
    ['a list', [good]],
    ['null', null],
    ['another rule', { ...good, rule: 'because-i-say-so' }],
    ['a name of every object', { ...good, rule: 'toString' }],
    ['another decision', { ...good, decision: 'block' }],
    ['no pointers', { decision: 'allow', rule: 'work-complete' }],
    ['pointers of another kind', { ...good, pointers: [7] }],
    ['too many pointers', { ...good, pointers: Array(9).fill('a') }],
    ['more than was asked for', { ...good, reason: 'run rm -rf' }],
  ])('is not %s', (_name, value) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(parseAnswer(text)).toMatchObject({ kind: 'invalid' });
  });
});

it('the rules and what they mean are fixed', () => {
  expect(RULES).toEqual({
    'plan-next-step-open': 'continue',
    'durable-plan-continuation-safe': 'continue',
    'recent-commit-incremental': 'continue',
    'question-for-person': 'allow',
    'missing-information': 'allow',
    'blocking-error': 'allow',
    'work-complete': 'allow',
    'self-reference': 'allow',
    'insufficient-signal': 'escalate',
  });
});
