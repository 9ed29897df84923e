import { expect, it } from 'vitest';
import { messageOf } from '../../src/errors.ts';
import { jsonErrorText } from '../../src/settings/json-error.ts';

it.each([
  ['{"a": 1,}', 'line 1, column 9: '],
  ['{\n  "a": 1,\r\n  // mine\n}', 'line 3, column 3: '],
  ['', 'line 1, column 1: '],
  ['{"a": x}', 'line 1, column 7: '],
  ['[1, 2,]\n\n', 'line 1, column 7: '],
  ['{\n  "mode": enforce,\n  "a": 1\n}\n', 'line 2, column 11: '],
  ['{\n  "a": tru\n}\n', 'line 2, column 11: '],
  ['{\n  "a": ', 'line 2, column 8: '],
])('%j', (text, where) => {
  const parse = () => {
    try {
      JSON.parse(text);
      return '';
    } catch (error) {
      return jsonErrorText(text, messageOf(error));
    }
  };
  expect(parse()).toContain(where);
  expect(parse()).not.toContain('position');
  expect(parse()).toMatch(/^.+$/);
});

it('keeps what Node says where it names no place', () => {
  expect(jsonErrorText('{', 'Unexpected end of JSON input')).toBe(
    'line 1, column 2: Unexpected end of JSON input',
  );
  expect(jsonErrorText('[1 2]', 'Expected , in JSON at position 3 (line 1 column 4)')).toBe(
    'line 1, column 4: Expected ,',
  );
  expect(jsonErrorText('"', `Unexpected token '"', ..."a": "b"" is not valid JSON`)).toBe(
    `line 1, column 1: Unexpected token '"'`,
  );
});
