import { describe, expect, it } from 'vitest';
import { planSettings } from '../../src/config/plan.ts';
import type { Entry, HostRules } from '../../src/config/types.ts';
import { CLAUDE_RULES } from '../../src/hosts/claude/entries.ts';
import { COMMAND, CORPUS, LAUNCHER, STOP_ENTRIES } from './corpus.ts';

const plan = (text: string | null, entries: readonly Entry[] = STOP_ENTRIES) =>
  planSettings(text, entries, CLAUDE_RULES);

function ourCommands(text: string): string[] {
  const { hooks } = JSON.parse(text.replace(/^\uFEFF/, ''));
  const groups = Object.values<unknown>(hooks).filter(Array.isArray).flat();
  return groups
    .flatMap((group) => group?.hooks ?? [])
    .flatMap((handler) =>
      handler?.type === 'command' && handler.command === COMMAND ? [handler.command] : [],
    );
}

describe('install, install, remove', () => {
  it('has a corpus of more than 60 files with names of their own', () => {
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
    expect(CORPUS.length).toBeGreaterThan(60);
  });

  it.each(CORPUS)('$name: $outcome', ({ text, outcome, removed }) => {
    const first = plan(text);
    if (first.kind === 'refuse') {
      expect(`${first.code} ${first.line}:${first.column}`).toBe(outcome);
      expect([first.what, first.hint]).toEqual([
        expect.stringMatching(/\w/),
        expect.stringMatching(/\w/),
      ]);
      return;
    }
    expect(first.kind).toBe(outcome);
    const installed = first.kind === 'edit' ? first.text : (text ?? '');
    const origin = first.kind === 'edit' ? first.origin : { containers: {} };
    expect(ourCommands(installed)).toEqual([COMMAND]);
    expect(planSettings(installed, STOP_ENTRIES, CLAUDE_RULES, origin)).toEqual({
      kind: 'unchanged',
    });
    const removal = planSettings(installed, [], CLAUDE_RULES, origin);
    expect(removal.kind === 'edit' ? removal.text : removal.kind).toBe(removed ?? text);
  });
});

describe('layout', () => {
  const after = (text: string) => {
    const planned = plan(text);
    return planned.kind === 'edit' ? planned.text : planned.kind;
  };

  it('adds lines with the indentation and the line ending of the file', () => {
    expect(after('{\r\n\t"a": 1\r\n}\r\n')).toBe(
      `{\r\n\t"a": 1,\r\n\t"hooks": {\r\n\t\t"Stop": [\r\n\t\t\t{\r\n\t\t\t\t"hooks": [\r\n\t\t\t\t\t{\r\n` +
        `\t\t\t\t\t\t"type": "command",\r\n\t\t\t\t\t\t"command": ${JSON.stringify(COMMAND)},\r\n` +
        `\t\t\t\t\t\t"timeout": 10\r\n\t\t\t\t\t}\r\n\t\t\t\t]\r\n\t\t\t}\r\n\t\t]\r\n\t}\r\n}\r\n`,
    );
  });

  it('keeps a file of one line on one line', () => {
    expect(after('{"a":1}')).toBe(
      `{"a":1,"hooks":{"Stop":[{"hooks":[{"type":"command","command":${JSON.stringify(COMMAND)},"timeout":10}]}]}}`,
    );
    expect(after('{ "a": 1 }')).toMatch(/^\{ "a": 1, "hooks": \{"Stop": \[[^\n]+\]\} \}$/);
  });

  it('adds its group at the end and leaves the others where they are', () => {
    const text =
      '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"a"}]}],"SessionEnd":[]}}';
    const hooks = JSON.parse(after(text)).hooks;
    expect(Object.keys(hooks)).toEqual(['Stop', 'SessionEnd']);
    expect(
      hooks.Stop.map((group: { hooks: { command: string }[] }) => group.hooks[0]?.command),
    ).toEqual(['a', COMMAND]);
  });

  it('opens a group like the one before it, behind the bracket or on a line of its own', () => {
    const text = '{\n  "hooks": {\n    "Stop": [{\n      "hooks": []\n    }]\n  }\n}';
    expect(after(text)).toContain('    }, {\n      "hooks": [\n        {\n          "type"');
  });

  it('of several entries keeps the one that is right already, where it is', () => {
    const handler = (command: string) => ({ type: 'command', command, timeout: 10 });
    const groups = [`${LAUNCHER} session`, 'theirs', COMMAND].map((command) => ({
      hooks: [handler(command)],
    }));
    expect(JSON.parse(after(JSON.stringify({ hooks: { Stop: groups } }))).hooks.Stop).toEqual(
      groups.slice(1),
    );
  });

  it('updates an old entry in its slot and keeps the keys a person gave it', () => {
    const old = {
      type: 'command',
      command: `${LAUNCHER} build-stop`,
      timeout: 10_000,
      note: 'mine',
    };
    const text = JSON.stringify({
      hooks: { Stop: [{ hooks: [{ command: 'a' }, old, { command: 'b' }] }] },
    });
    expect(JSON.parse(after(text)).hooks.Stop).toEqual([
      { hooks: [{ command: 'a' }, { ...old, command: COMMAND, timeout: 10 }, { command: 'b' }] },
    ]);
  });
});

describe('several entries', () => {
  const entry = (event: string, timeout = 5, matcher?: string): Entry => ({
    event,
    command: `${LAUNCHER} session --host claude`,
    timeout,
    ...(matcher === undefined ? {} : { matcher }),
  });

  it('adds, updates and removes in one plan, and says so', () => {
    const first = plan('{}', [entry('SessionStart'), entry('PreCompact')]);
    const text = first.kind === 'edit' ? first.text : '';
    const second = plan(text, [entry('SessionStart', 7), entry('PostToolUse', 5, 'Task')]);
    expect(
      second.kind === 'edit' ? second.edits.map(({ op, event }) => `${op} ${event}`) : second,
    ).toEqual(['update SessionStart', 'add PostToolUse', 'remove PreCompact']);
    expect(second.kind === 'edit' && JSON.parse(second.text).hooks.PostToolUse[0].matcher).toBe(
      'Task',
    );
  });

  it('corrects the matcher of a group that is ours alone', () => {
    const first = plan('{}', [entry('PostToolUse', 5, 'Task')]);
    const second = plan(first.kind === 'edit' ? first.text : '', [
      entry('PostToolUse', 5, 'Agent'),
    ]);
    expect(second.kind === 'edit' && JSON.parse(second.text).hooks.PostToolUse).toMatchObject([
      { matcher: 'Agent' },
    ]);
  });
});

describe('a stricter host', () => {
  const rules: HostRules = { name: 'Codex', bom: false, rootKeys: ['hooks', 'description'] };

  it.each([
    ['\uFEFF{}', 'byte-order-mark 1:1'],
    ['{"description": "x",\n "env": {}}', 'unknown-root-key 2:2'],
  ])('%j: %s', (text, expected) => {
    const refusal = planSettings(text, STOP_ENTRIES, rules);
    expect(refusal.kind === 'refuse' && `${refusal.code} ${refusal.line}:${refusal.column}`).toBe(
      expected,
    );
  });
});
