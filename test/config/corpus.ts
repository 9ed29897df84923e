import type { Entry } from '../../src/config/types.ts';

/** Settings files as people have them, and what install must make of each. */
export interface Odd {
  readonly name: string;
  readonly text: string | null;
  /** `edit`, `unchanged`, or the code of a refusal with its place. */
  readonly outcome: string;
  /** What remains after a removal, where that isn't the original text. */
  readonly removed?: string;
}

export const LAUNCHER = '"$HOME/.local/share/stopgate/bin/stopgate-hook"';
export const COMMAND = `${LAUNCHER} build-stop --host claude`;

/** What the corpus is written for: the gate alone. */
export const STOP_ENTRIES: readonly Entry[] = [{ event: 'Stop', command: COMMAND, timeout: 10 }];

const theirs = { type: 'command', command: 'say done' };
const ours = { type: 'command', command: COMMAND, timeout: 10 };
const pretty = (value: unknown, indent: string | number = 2) => JSON.stringify(value, null, indent);
const stop = (...handlers: unknown[]) => ({ hooks: { Stop: [{ hooks: handlers }] } });
const old = (command: string) => ({ type: 'command', command });
const rich = {
  model: 'opus',
  hooks: {
    PreToolUse: [{ matcher: 'Bash', hooks: [theirs] }],
    Stop: [{ hooks: [theirs] }],
  },
  permissions: { allow: ['Bash(ls:*)'], deny: [] },
};

const edit = (name: string, text: string | null, removed?: string): Odd => ({
  name,
  text,
  outcome: 'edit',
  ...(removed === undefined ? {} : { removed }),
});
const refused = (name: string, text: string, outcome: string): Odd => ({ name, text, outcome });

export const CORPUS: readonly Odd[] = [
  edit('no file', null, '{}\n'),
  edit('no bytes', ''),
  edit('one space', ' '),
  edit('only newlines', '\n\r\n'),
  edit('only a byte order mark', '\uFEFF'),
  edit('{}', '{}'),
  edit('{} and a newline', '{}\n'),
  edit('{ }', '{ }'),
  edit('{} over two lines', '{\n}\n'),
  edit('{} with CRLF', '{\r\n}\r\n'),
  edit('leading white space', '\n\n  {}'),
  edit('byte order mark', `\uFEFF${pretty({ a: 1 })}\n`),
  edit('byte order mark and {}', '\uFEFF{}'),
  edit('two spaces', `${pretty(rich)}\n`),
  edit('four spaces', `${pretty(rich, 4)}\n`),
  edit('three spaces', `${pretty(rich, 3)}\n`),
  edit('tabs', `${pretty(rich, '\t')}\n`),
  edit('CRLF', `${pretty(rich)}\n`.replaceAll('\n', '\r\n')),
  edit('CR alone', `${pretty(rich)}\n`.replaceAll('\n', '\r')),
  edit('CRLF and tabs', `${pretty(rich, '\t')}\n`.replaceAll('\n', '\r\n')),
  edit('mixed line endings', pretty(rich).replace('\n', '\r\n')),
  edit('no final newline', pretty(rich)),
  edit('many final newlines', `${pretty(rich)}\n\n\n`),
  edit('one line', JSON.stringify(rich)),
  edit('one line with spaces', '{ "a": 1, "hooks": { "Stop": [ ] } }'),
  edit('one line and a newline', '{"a":1}\n'),
  edit('no indentation', pretty(rich, '\t').replaceAll('\t', '')),
  edit('indented root', '  {\n    "a": 1\n  }\n'),
  edit('commas first', '{ "a": 1\n, "hooks": { "PreToolUse": []\n  }\n}\n'),
  edit('blank lines between keys', '{\n\n  "a": 1,\n\n\n  "b": 2\n\n}\n'),
  edit('space before colons', '{\n  "a" : 1,\n  "hooks" : { }\n}\n'),
  edit('hooks {}', pretty({ hooks: {} })),
  edit('hooks { } with a newline inside', '{\n  "hooks": {\n  }\n}\n'),
  edit('Stop []', pretty({ hooks: { Stop: [] } })),
  edit('Stop [ ] with CRLF inside', '{\r\n\t"hooks": {"Stop": [\r\n\t]}\r\n}'),
  edit('an empty array of another event', pretty({ hooks: { PreToolUse: [] } })),
  edit('a group without handlers', pretty(stop())),
  edit('a group that is a string', pretty({ hooks: { Stop: ['x'] } })),
  edit('a handler that is a number', pretty(stop(7))),
  edit('a handler of another type', pretty(stop({ type: 'prompt', prompt: 'ok?' }))),
  edit('hooks on one line in a long file', `{\n  "a": 1,\n  "hooks": {"Stop": [{"hooks": []}]}\n}`),
  edit(
    'a group behind the bracket',
    '{\n  "hooks": {\n    "Stop": [{\n      "hooks": []\n    }]\n  }\n}',
  ),
  edit('unknown keys', pretty({ $schema: 'x', zzz: { hooks: null }, hooks: { _note: 'mine' } })),
  edit('another event that is null', pretty({ hooks: { PreToolUse: null } })),
  edit('duplicate keys outside of hooks', '{"a": 1, "a": 2, "env": {"X": "1", "X": "2"}}'),
  edit(
    'numbers that a parser would round',
    '{"a": 1.0, "b": 12345678901234567890, "c": 1E5, "d": -0}',
  ),
  edit('escapes', String.raw`{"\u0061": "\ud83d\ude00 \/ \u00e9 \u2028", "e": "\t\""}`),
  edit('an escaped key', String.raw`{"h\u006foks": {"St\u006fp": []}}`),
  edit('unicode', '{\n  "grüße": "日本語 😀\u2028"\n}\n'),
  edit(
    '__proto__ and constructor',
    '{"__proto__": {"a": 1}, "constructor": 1, "hooks": {"__proto__": []}}',
  ),
  edit(
    'huge',
    pretty({ list: Array.from({ length: 5_000 }, (_, i) => ({ i, s: 'x'.repeat(20) })) }),
  ),
  edit('deep', `{"a": ${'['.repeat(300)}${']'.repeat(300)}}`),
  edit('a wrapped launcher is the person’s', pretty(stop(old(`${COMMAND}; say done`)))),
  edit(
    'a launcher of another program',
    pretty(stop(old('/x/notstopgate/bin/stopgate-hook build-stop'))),
  ),
  edit('our command in a handler of another type', pretty(stop({ ...ours, type: 'prompt' }))),
  edit('our launcher with an unknown verb', pretty(stop(old(`${LAUNCHER} dance`)))),

  { name: 'ours already', text: pretty(stop(ours)), outcome: 'unchanged', removed: '{}' },
  {
    name: 'ours with a key of the person’s',
    text: pretty(stop({ ...ours, statusMessage: 'checking' })),
    outcome: 'unchanged',
    removed: '{}',
  },
  edit(
    'ours, absolute path',
    pretty(stop(old("'/o d/it'\\''s/stopgate/bin/stopgate-hook' build-stop --host claude"))),
    '{}',
  ),
  edit(
    'ours, unquoted, in the project',
    pretty(stop(old('$CLAUDE_PROJECT_DIR/.claude/stopgate/bin/stopgate-hook build-stop'))),
    '{}',
  ),
  edit(
    'ours, quoted project variable',
    pretty(
      stop(
        old(
          '"$CLAUDE_PROJECT_DIR"/.claude/stopgate/bin/stopgate-hook stop-gate-router --host claude',
        ),
      ),
    ),
    '{}',
  ),
  edit('ours, timeout in milliseconds', pretty(stop({ ...ours, timeout: 10_000 })), '{}'),
  edit(
    'ours three times',
    pretty({ hooks: { Stop: [{ hooks: [ours, ours] }, { hooks: [ours] }] } }),
    '{}',
  ),
  edit(
    'ours in an event that we left',
    pretty({ a: 1, hooks: { SessionEnd: [{ hooks: [old(`${LAUNCHER} session`)] }] } }),
    pretty({ a: 1 }),
  ),
  edit(
    'ours in front of a person’s group',
    pretty({ hooks: { Stop: [{ hooks: [old(`${LAUNCHER} build-stop`)] }, { hooks: [theirs] }] } }),
    pretty(stop(theirs)),
  ),
  edit(
    'ours shared with a person’s handler',
    pretty(stop(old(`${LAUNCHER} build-stop`), theirs)),
    pretty(stop(theirs)),
  ),
  edit(
    'ours behind a person’s handler',
    pretty(stop(theirs, old(`${LAUNCHER} build-stop`))),
    pretty(stop(theirs)),
  ),
  edit(
    'ours under a matcher of the person’s',
    pretty({ hooks: { Stop: [{ matcher: 'x', hooks: [ours, theirs] }] } }),
    pretty({ hooks: { Stop: [{ matcher: 'x', hooks: [theirs] }] } }),
  ),
  edit(
    'ours in a group with a note',
    pretty({ hooks: { Stop: [{ note: 'n', hooks: [old(`${LAUNCHER} session`)] }] } }),
    pretty({ hooks: { Stop: [{ note: 'n', hooks: [] }] } }),
  ),

  refused('half a file', '{"a": 1, "b', 'syntax 1:10'),
  refused('text', 'hello', 'syntax 1:1'),
  refused('two values', '{}\n{}', 'syntax 2:1'),
  refused('single quotes', "{'a': 1}", 'syntax 1:2'),
  refused('a leading zero', '{"a": 01}', 'syntax 1:8'),
  refused('a raw tab in a string', '{\n  "a": "x\ty"\n}', 'syntax 2:8'),
  refused('NaN', '{"a": NaN}', 'syntax 1:7'),
  refused('a no-break space', '{\u00a0"a": 1}', 'syntax 1:2'),
  refused('a byte order mark in the middle', '{\uFEFF"a": 1}', 'syntax 1:2'),
  refused('a line comment', '{\n  // mine\n  "a": 1\n}', 'comment 2:3'),
  refused('a block comment behind the end', '{}\n/* x */', 'comment 2:1'),
  refused('a trailing comma', '{\r\n  "a": 1,\r\n}', 'trailing-comma 2:9'),
  refused('a trailing comma in an array', '{"hooks": {"Stop": [1, ]}}', 'trailing-comma 1:22'),
  refused(
    'nested beyond measure',
    `{"a": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    'too-deep 1:1',
  ),
  refused('an array', '\uFEFF[]', 'root-not-object 1:1'),
  refused('a string', '"x"', 'root-not-object 1:1'),
  refused('null', 'null', 'root-not-object 1:1'),
  refused('hooks null', '{\n  "hooks": null\n}', 'hooks-not-object 2:12'),
  refused('hooks an array', '{"hooks": []}', 'hooks-not-object 1:11'),
  refused('Stop null', '{"hooks": {"Stop": null}}', 'event-not-array 1:20'),
  refused('Stop an object', '{"hooks": {\n"Stop": {}}}', 'event-not-array 2:9'),
  refused('hooks twice', '{"hooks": {}, "hooks": {}}', 'duplicate-key 1:15'),
  refused(
    'hooks twice, once escaped',
    String.raw`{"hooks": {}, "h\u006foks": {}}`,
    'duplicate-key 1:15',
  ),
  refused('Stop twice', '{"hooks": {"Stop": [], "Stop": []}}', 'duplicate-key 1:24'),
  refused(
    'a command twice',
    '{"hooks": {"Stop": [{"hooks": [{"command": "a", "command": "b"}]}]}}',
    'duplicate-key 1:49',
  ),
];
