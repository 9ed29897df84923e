import { expect, it } from 'vitest';
import { parseInput } from '../../src/io/stdin.ts';

const json = (text: string) => parseInput(Buffer.from(text));

it.each([
  ['{"a":1}', { a: 1 }],
  ['{"a":1}\n', { a: 1 }],
  [' \n{"a":"ü 😀"}\r\n ', { a: 'ü 😀' }],
  ['[]', []],
  ['null', null],
])('%j is JSON', (text, value) => {
  expect(json(text)).toEqual({ kind: 'json', value });
});

it.each<[string, Buffer, RegExp]>([
  ['nothing', Buffer.alloc(0), /^stdin is empty$/],
  ['blank', Buffer.from('\n'), /^stdin is not JSON: /],
  ['cut short', Buffer.from('{"session_id":"s'), /^stdin is not JSON: /],
  ['two values', Buffer.from('{}{}'), /^stdin is not JSON: /],
  ['text before it', Buffer.from('hello {}'), /^stdin is not JSON: /],
  ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /^stdin is not UTF-8$/],
  ['a character cut in two', Buffer.from('{"a":"😀"}').subarray(0, 8), /^stdin is not UTF-8$/],
])('bad: %s', (_name, bytes, why) => {
  expect(parseInput(bytes)).toEqual({ kind: 'bad', why: expect.stringMatching(why) });
});
