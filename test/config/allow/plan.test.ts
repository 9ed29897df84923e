import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWithAllow } from '../../../src/config/allow/with-entries.ts';
import type { Origin } from '../../../src/config/types.ts';
import { CLAUDE_ALLOW } from '../../../src/hosts/claude/allow.ts';
import { CLAUDE_RULES } from '../../../src/hosts/claude/entries.ts';
import { CORPUS, STOP_ENTRIES } from '../corpus.ts';

const [BUILD = ''] = CLAUDE_ALLOW;
const STATUS = CLAUDE_ALLOW.at(-1) ?? '';
const KEEP = { keep: CLAUDE_ALLOW };
const install = (text: string | null, origin?: Origin) =>
  planWithAllow(text, STOP_ENTRIES, CLAUDE_ALLOW, CLAUDE_RULES, origin);
const uninstall = (text: string, origin: Origin) =>
  planWithAllow(text, [], 'remove', CLAUDE_RULES, origin);

function installed(text: string | null) {
  const plan = install(text);
  if (plan.kind !== 'edit') throw new Error(JSON.stringify(plan));
  return plan;
}

const allowOf = (text: string): unknown =>
  JSON.parse(text.replace(/^\uFEFF/, '')).permissions.allow;

/** What a person has of permissions, in every layout that changes what has to be written. */
const LAYOUTS = [
  '{}',
  '{ }',
  '\n',
  '\uFEFF{"a": 1}',
  '{"permissions": {}}',
  '{\r\n\t"permissions": { }\r\n}\r\n',
  '{"permissions": {"allow": []}}',
  '{\n  "permissions": {\n    "allow": [\n    ],\n    "deny": []\n  }\n}\n',
  '{"permissions":{"deny":["Bash(rm:*)"]},"hooks":{}}',
  '{\n    "permissions": {\n        "allow": [\n            "Bash(ls:*)"\n        ]\n    }\n}',
  '{ "permissions": { "allow": ["Read", 7, null], "x": 1.0 }, "a": 1, "a": 2 }',
  `{"permissions": {"allow": ["${BUILD}"]}}`,
  `{"permissions": {"allow": ["${STATUS}", "${BUILD}"]}}`,
  String.raw`{"permissi\u006fns": {"\u0061llow": ["Bash(stopgate\u0020build step:*)"]}}`,
];

describe('install --allow, again, uninstall', () => {
  it.each(LAYOUTS)('%j', (text) => {
    const { text: after, origin } = installed(text);
    expect(allowOf(after)).toEqual(expect.arrayContaining([BUILD, STATUS]));
    expect(new Set(allowOf(after) as string[]).size).toBe((allowOf(after) as string[]).length);
    expect(install(after, origin)).toEqual({ kind: 'unchanged' });
    expect(planWithAllow(after, STOP_ENTRIES, KEEP, CLAUDE_RULES, origin)).toEqual({
      kind: 'unchanged',
    });
    const removal = uninstall(after, origin);
    expect(removal.kind === 'edit' && removal.text).toBe(text);
  });

  const plain = CORPUS.filter(
    ({ outcome, removed, text }) => outcome === 'edit' && removed === undefined && text !== null,
  );
  it.each(plain)('$name', ({ text }) => {
    const { text: after, origin } = installed(text);
    const removal = uninstall(after, origin);
    expect(removal.kind === 'edit' && removal.text).toBe(text);
  });

  it('gives back the bytes of any permissions in any layout', () => {
    const rule = fc.oneof(fc.constantFrom(BUILD, STATUS, 'Read'), fc.string());
    const permissions = fc.record(
      { allow: fc.array(rule, { maxLength: 3 }), deny: fc.array(rule, { maxLength: 2 }) },
      { requiredKeys: [] },
    );
    const settings = fc.record(
      { a: fc.jsonValue(), permissions, hooks: fc.constant({}) },
      { requiredKeys: [] },
    );
    const indent = fc.constantFrom(undefined, 2, 4, '\t');
    fc.assert(
      fc.property(settings, indent, (value, spaces) => {
        const text = JSON.stringify(value, null, spaces);
        const { text: after, origin } = installed(text);
        const removal = uninstall(after, origin);
        expect(removal.kind === 'edit' && removal.text).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

it('says what it adds and what it removes, and records only what it added', () => {
  const { edits, origin, text } = installed(`{"permissions": {"allow": ["${BUILD}"]}}`);
  expect(edits.map(({ op, event, command }) => `${op} ${event} ${command}`).at(-1)).toBe(
    `add permissions.allow ${STATUS}`,
  );
  expect(origin.allowed?.rules).toEqual(CLAUDE_ALLOW.slice(1));
  const removal = uninstall(text, origin);
  expect(removal.kind === 'edit' && removal.edits[0]).toEqual({
    op: 'remove',
    event: 'permissions.allow',
    command: STATUS,
  });
});

it('adds the rules to a file that holds the entries already', () => {
  const first = planWithAllow('{"a": 1}', STOP_ENTRIES, KEEP, CLAUDE_RULES);
  if (first.kind !== 'edit') throw new Error('expected an edit');
  expect(first.origin.allowed).toBeUndefined();
  const second = install(first.text, first.origin);
  if (second.kind !== 'edit') throw new Error('expected an edit');
  expect(second.edits).toHaveLength(CLAUDE_ALLOW.length);
  const removal = uninstall(second.text, second.origin);
  expect(removal.kind === 'edit' && removal.text).toBe('{"a": 1}');
});

describe('what a person did since', () => {
  const edited = (change: (allow: string[]) => string[]) => {
    const { text, origin } = installed('{"permissions": {"allow": ["Read"]}}');
    const settings = JSON.parse(text);
    settings.permissions.allow = change(settings.permissions.allow);
    const removal = uninstall(JSON.stringify(settings), origin);
    return removal.kind === 'edit' ? allowOf(removal.text) : removal;
  };

  it.each<[string, (allow: string[]) => string[], string[]]>([
    ['a rule of ours removed', (allow) => allow.filter((rule) => rule !== STATUS), ['Read']],
    ['a rule added behind ours', (allow) => [...allow, 'Edit'], ['Read', 'Edit']],
    ['a rule of ours written twice', (allow) => [...allow, BUILD], ['Read', BUILD]],
    ['theirs removed', (allow) => allow.filter((rule) => rule !== 'Read'), []],
  ])('%s', (_name, change, left) => {
    expect(edited(change)).toEqual(left);
  });

  it('entries dropped by another program: the rules are still ours, installed again or not', () => {
    const { origin } = installed('{"permissions": {"allow": ["Read"]}}');
    const dropped = JSON.stringify({ permissions: { allow: ['Read', BUILD, STATUS] } });
    const again = planWithAllow(dropped, STOP_ENTRIES, KEEP, CLAUDE_RULES, origin);
    if (again.kind !== 'edit') throw new Error('expected an edit');
    for (const removal of [uninstall(dropped, origin), uninstall(again.text, again.origin)]) {
      expect(removal.kind === 'edit' && JSON.parse(removal.text)).toEqual({
        permissions: { allow: ['Read'] },
      });
    }
  });

  describe('rules of an older stopgate', () => {
    const OLD = 'Bash(stopgate build:*)';
    const old = (text: string) =>
      planWithAllow(text, STOP_ENTRIES, [OLD, STATUS], CLAUDE_RULES) as Extract<
        ReturnType<typeof install>,
        { kind: 'edit' }
      >;

    it.each(LAYOUTS)(
      'give way to narrower ones, and uninstall gives the bytes back: %j',
      (text) => {
        const before = old(text);
        const now = planWithAllow(before.text, STOP_ENTRIES, KEEP, CLAUDE_RULES, before.origin);
        if (now.kind !== 'edit') throw new Error(JSON.stringify(now));
        expect(allowOf(now.text)).not.toContain(OLD);
        expect(allowOf(now.text)).toEqual(expect.arrayContaining([...CLAUDE_ALLOW]));
        expect(now.edits).toContainEqual({
          op: 'remove',
          event: 'permissions.allow',
          command: OLD,
        });
        expect(planWithAllow(now.text, STOP_ENTRIES, KEEP, CLAUDE_RULES, now.origin).kind).toBe(
          'unchanged',
        );
        const removal = uninstall(now.text, now.origin);
        expect(removal.kind === 'edit' && removal.text).toBe(text);
      },
    );

    it('that a person wrote stay', () => {
      const mine = old(`{"permissions": {"allow": ["${OLD}"]}}`);
      const now = planWithAllow(mine.text, STOP_ENTRIES, KEEP, CLAUDE_RULES, mine.origin);
      expect(now).toEqual({ kind: 'unchanged' });
    });

    it('that a person took out are not replaced', () => {
      const { text, origin } = old('{}');
      const settings = JSON.parse(text);
      settings.permissions.allow = settings.permissions.allow.filter((r: string) => r !== OLD);
      const now = planWithAllow(JSON.stringify(settings), STOP_ENTRIES, KEEP, CLAUDE_RULES, origin);
      expect(now).toEqual({ kind: 'unchanged' });
    });
  });

  it('rules without a record are not ours', () => {
    const theirs = JSON.stringify({ permissions: { allow: [BUILD, STATUS] } });
    expect(uninstall(theirs, { containers: {} })).toEqual({ kind: 'unchanged' });
  });
});

it.each([
  ['{"permissions": null}', 'permissions-not-object 1:17'],
  ['{\n"permissions": []}', 'permissions-not-object 2:16'],
  ['{"permissions": {"allow": {}}}', 'allow-not-array 1:27'],
  ['{"permissions": {"allow": null}}', 'allow-not-array 1:27'],
  ['{"permissions": {}, "permissions": {}}', 'duplicate-key 1:21'],
  ['{"permissions": {"allow": [], "allow": []}}', 'duplicate-key 1:31'],
  ['{"a": 1,}', 'trailing-comma 1:8'],
])('refuses %s', (text, expected) => {
  const plan = install(text);
  expect(plan.kind === 'refuse' && `${plan.code} ${plan.line}:${plan.column}`).toBe(expected);
});
