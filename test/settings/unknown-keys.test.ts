import { expect, it } from 'vitest';
import { settingsJsonSchema } from '../../src/settings/json-schema.ts';
import { distance, nearest } from '../../src/settings/nearest.ts';
import { unknownKeys } from '../../src/settings/unknown-keys.ts';

it.each<[string, unknown, [string, string | null][]]>([
  ['nothing', {}, []],
  ['no object at all', [1, 'x', null], []],
  ['all that are known', { $schema: 's', budget: { perHour: 3 }, checksOnStop: true }, []],
  ['letters swapped', { bugdet: {} }, [['bugdet', 'budget']]],
  ['another case', { checksonstop: true }, [['checksonstop', 'checksOnStop']]],
  ['a letter missing, below', { budget: { perHor: 3 } }, [['budget.perHor', 'budget.perHour']]],
  ['in the wrong place', { perHour: 3 }, [['perHour', 'budget.perHour']]],
  ['nothing like it', { colour: 'red' }, [['colour', null]]],
  [
    'of the kind that is set',
    { authority: { kind: 'http', url: 'u', comand: 'x' } },
    [['authority.comand', 'authority.command']],
  ],
  ['of a kind that nobody knows', { authority: { kind: 'oracle', x: 1 } }, []],
  [
    'a name of every object',
    { constructor: 1, toString: 2 },
    [
      ['constructor', null],
      ['toString', null],
    ],
  ],
  ['inside a wrong value', { budget: [{ perHor: 1 }] }, []],
])('unknown keys: %s', (_, value, expected) => {
  const found = unknownKeys(value, settingsJsonSchema());
  expect(found.map(({ path, nearest }) => [path, nearest])).toEqual(expected);
});

it('walks lists and objects with free names', () => {
  const item = { type: 'object', properties: { role: {} }, additionalProperties: false };
  const schema = {
    type: 'object',
    properties: { list: { items: item }, roles: { type: 'object', additionalProperties: item } },
    additionalProperties: false,
  };
  const value = { list: [{ role: 1 }, { rol: 1 }], roles: { a: { role: 1 }, b: { rule: 1 } } };
  expect(unknownKeys(value, schema).map(({ path }) => path)).toEqual(['list.rol', 'roles.b.rule']);
});

it.each([
  ['', '', 0],
  ['a', '', 1],
  ['kitten', 'sitting', 3],
  ['budget', 'bugdet', 1],
  ['Budget', 'budget', 0],
  ['ab', 'ba', 1],
])('from %j to %j it is %i', (from, to, far) => {
  expect(distance(from, to)).toBe(far);
  expect(distance(to, from)).toBe(far);
});

it('means a neighbour rather than the same name elsewhere', () => {
  expect(nearest('a.nam', ['b.name', 'a.name'])).toBe('a.name');
  expect(nearest('xyz', ['abc'])).toBeNull();
  expect(nearest('', ['a'])).toBeNull();
});
