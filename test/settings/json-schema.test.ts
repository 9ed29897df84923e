import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import {
  alternatives,
  type JsonSchema,
  settingsJsonSchema,
} from '../../src/settings/json-schema.ts';

it('the file in the package is up to date; else run: npm run schema', () => {
  const file = readFileSync(new URL('../../schema/settings.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(file)).toEqual(settingsJsonSchema());
  expect(pkg.files).toContain('schema');
});

it('says of every key what it is for, and marks unknown ones wrong', () => {
  const silent: string[] = [];
  const open: string[] = [];
  const walk = (schema: JsonSchema, path: string) => {
    for (const one of alternatives(schema)) {
      if (one.properties && one.additionalProperties !== false) open.push(path);
      for (const [key, below] of Object.entries(one.properties ?? {})) {
        if (!below.description) silent.push(`${path}.${key}`);
        walk(below, `${path}.${key}`);
      }
    }
  };
  walk(settingsJsonSchema(), '');
  expect({ silent, open }).toEqual({ silent: [], open: [] });
});
