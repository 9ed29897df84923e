import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { examineSettings } from '../../src/settings/examine.ts';
import { scratchDir } from '../build/scratch.ts';

let root: string;
const mine = () => join(root, 'config/stopgate/config.json');
const project = () => join(root, 'stopgate.config.json');
const examined = () => examineSettings(root, { XDG_CONFIG_HOME: join(root, 'config') });

beforeEach(() => {
  root = scratchDir();
  mkdirSync(join(root, 'config/stopgate'), { recursive: true });
});

it('no file, no finding', () => {
  expect(examined()).toEqual({ found: [], problems: [] });
});

it('files that are right are found, and that is all', () => {
  writeFileSync(mine(), '{"authority":{"kind":"command","command":"judge"}}');
  writeFileSync(project(), '{"$schema":"x","budget":{"small":1}}');
  expect(examined()).toEqual({ found: [mine(), project()], problems: [] });
});

it.each<[string, string, string[]]>([
  ['no JSON', '{"budget":', ['JSON']],
  ['a list', '[]', ['the whole: should be object']],
  ['another type', '{"checksOnStop":"yes"}', ['checksOnStop: should be boolean']],
  ['too little', '{"budget":{"small":0}}', ['budget.small: should be 1 at least']],
  ['too much', '{"budget":{"large":1001}}', ['budget.large: should be 1000 at most']],
  ['no whole number', '{"budget":{"large":1.5}}', ['budget.large: should be int']],
  ['an empty text', '{"ignoreBackground":["a",""]}', ['ignoreBackground.1: is empty']],
  [
    'an unknown kind',
    '{"authority":{"kind":"oracle"}}',
    ['authority.kind: should be rules or command or http'],
  ],
  [
    'no address',
    '{"authority":{"kind":"http","url":"x"}}',
    ['authority.url: should be an address that begins with http: or https:'],
  ],
  [
    'an address that nobody asks',
    '{"authority":{"kind":"http","url":"ftp://x/"}}',
    ['authority.url: should be an address that begins with http: or https:'],
  ],
  ['no JSON, with its place', '{\n  "budget": {},\n}', ['line 3, column 1']],
  [
    'a rule without one right value',
    '{"shutdownAfterIdle":[{"role":"a b","tool":"m.x","host":"z","successPattern":"("}]}',
    [
      'shutdownAfterIdle.0.role: should match /^[A-Za-z0-9]',
      'shutdownAfterIdle.0.tool: should match /^[A-Za-z0-9_-]',
      'shutdownAfterIdle.0.host: should be claude or codex',
      'shutdownAfterIdle.0.successPattern: is no regular expression',
    ],
  ],
  [
    'several at once, and an unknown key',
    '{"logPreviews":1,"checksOnStop":0,"perhour":3}',
    [
      'checksOnStop: should be',
      'logPreviews: should be',
      'perhour is no key; did you mean budget.perHour?',
    ],
  ],
])('a wrong file of a person: %s', (_, text, expected) => {
  writeFileSync(mine(), text);
  const { found, problems } = examined();
  expect(found).toEqual([mine()]);
  expect(problems).toHaveLength(expected.length);
  for (const words of expected)
    expect(problems).toContainEqual({
      path: mine(),
      what: expect.stringContaining(words),
      counts: words.includes('no key'),
    });
});

it('a project cannot have a program or an endpoint called, and is told so', () => {
  writeFileSync(project(), '{"authority":{"kind":"http","url":"http://127.0.0.1/"}}');
  expect(examined().problems).toEqual([
    { path: project(), what: expect.stringContaining("person's own"), counts: true },
  ]);
});

it('what is no text and what is too large is said, not parsed', () => {
  writeFileSync(mine(), Buffer.from('\ufeff{}', 'utf16le'));
  writeFileSync(project(), `{"x":"${'y'.repeat(300_000)}"}`);
  expect(examined().problems.map(({ what }) => what)).toEqual([
    'not UTF-8',
    expect.stringContaining('more than the 262144'),
  ]);
});
