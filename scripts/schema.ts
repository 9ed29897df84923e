import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settingsJsonSchema } from '../src/settings/json-schema.ts';

/** Writes `schema/settings.schema.json`, for editors. */

const dir = fileURLToPath(new URL('../schema/', import.meta.url));
mkdirSync(dir, { recursive: true });
writeFileSync(`${dir}settings.schema.json`, `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
