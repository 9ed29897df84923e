import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { hooksOff } from '../../src/config/doctor-hooks-off.ts';
import { placeOf } from '../../src/config/site.ts';
import { scratchDir } from '../build/scratch.ts';

const MANAGED_ONLY = '{"allowManagedHooksOnly": true}';
const ALL_OFF = '{"disableAllHooks": true}';

it.each<[string, Record<string, string>, string[]]>([
  ['nothing', {}, []],
  ['a person', { 'home/.claude/settings.json': ALL_OFF }, ['home/.claude/settings.json']],
  ['a project', { '.claude/settings.json': ALL_OFF }, ['.claude/settings.json']],
  ['a person, of what is an administrator’s', { 'home/.claude/settings.json': MANAGED_ONLY }, []],
  [
    'an administrator, of all hooks',
    { 'etc/managed-settings.json': ALL_OFF },
    ['etc/managed-settings.json'],
  ],
  [
    'an administrator, of hooks that are not managed',
    { 'etc/managed-settings.json': MANAGED_ONLY },
    ['etc/managed-settings.json'],
  ],
  [
    'one of several files',
    {
      'etc/managed-settings.json': '{"model": "opus"}',
      'etc/managed-settings.d/20-hooks.json': MANAGED_ONLY,
      'etc/managed-settings.d/note.txt': MANAGED_ONLY,
      'etc/managed-settings.d/.hidden.json': MANAGED_ONLY,
    },
    ['etc/managed-settings.d/20-hooks.json'],
  ],
  ['a value that does not count', { 'etc/managed-settings.json': '{"disableAllHooks": 1}' }, []],
  ['a file that the host refuses', { 'etc/managed-settings.json': `${ALL_OFF},` }, []],
])('says who switched hooks off: %s', (_who, files, expected) => {
  const dir = scratchDir();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const place = placeOf(dir, { HOME: join(dir, 'home') });
  const findings = hooksOff(place, join(dir, 'etc'));
  expect(findings.map(({ what }) => what.split(' ')[0])).toEqual(
    expected.map((name) => join(dir, name)),
  );
  for (const { check, state } of findings)
    expect([check, state]).toEqual(['claude hooks', 'warning']);
});
