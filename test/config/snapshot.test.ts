import { expect, it } from 'vitest';
import { decode } from '../../src/config/snapshot.ts';

const utf8 = (text: string) => Buffer.from(text);
const BROKEN = Buffer.from([0xe9]);

it.each<[string, Buffer[], string]>([
  ['at the start', [BROKEN], '1:1'],
  ['UTF-16', [Buffer.from('\uFEFF{}', 'utf16le')], '1:1'],
  [
    'in a line below, behind letters of two bytes',
    [utf8('{\n  "é": "ü'), BROKEN, utf8('"}')],
    '2:10',
  ],
  ['behind what a text may hold in such a place', [utf8('"\uFFFD\uFFFD'), BROKEN], '1:4'],
  ['behind a byte order mark', [utf8('\uFEFF{'), BROKEN], '1:2'],
  ['a letter that is cut off', [utf8('{"a":"'), utf8('é').subarray(0, 1)], '1:7'],
])('names the place of what is not UTF-8: %s', (_what, parts, where) => {
  const read = () => decode('/s.json', Buffer.concat(parts));
  expect(read).toThrow(
    expect.objectContaining({
      code: 'not-utf8',
      message: `/s.json:${where}: this is not UTF-8 text.`,
    }),
  );
});

it('gives every text back whole', () => {
  for (const text of ['', '{}', '\uFEFF{"a": "é\uFFFD😀"}\n'])
    expect(decode('', utf8(text))).toBe(text);
});
