import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../../src/settings/read.ts';
import { scratchDir } from '../build/scratch.ts';

it.each<[string, object, object, object]>([
  [
    'another key',
    { logPreviews: true },
    { checksOnStop: true },
    { logPreviews: true, checksOnStop: true },
  ],
  [
    'the same key',
    { ignoreBackground: ['a'] },
    { ignoreBackground: ['b'] },
    { ignoreBackground: ['b'] },
  ],
  [
    'one budget',
    { budget: { small: 1, perHour: 9 } },
    { budget: { small: 2 } },
    { budget: { small: 2, perHour: 9 } },
  ],
  [
    'rules',
    { authority: { kind: 'command', command: 'x' } },
    { authority: { kind: 'rules' } },
    { authority: { kind: 'rules' } },
  ],
  [
    'a program',
    { authority: { kind: 'rules' } },
    { authority: { kind: 'command', command: 'x' } },
    { authority: { kind: 'rules' } },
  ],
])("a project's settings win key by key: %s", (_, user, project, expected) => {
  const root = scratchDir();
  mkdirSync(join(root, 'stopgate'));
  writeFileSync(join(root, 'stopgate', 'config.json'), JSON.stringify(user));
  writeFileSync(join(root, 'stopgate.config.json'), JSON.stringify(project));
  expect(readSettings(root, { XDG_CONFIG_HOME: root }).settings).toMatchObject(expected);
});
