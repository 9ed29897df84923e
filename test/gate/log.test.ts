import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lastRecords } from '../../src/gate/log.ts';
import { statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';

it('finds the newest record of each build, and takes torn or foreign lines for none', () => {
  const paths = statePaths(scratchDir());
  expect(lastRecords(paths)).toEqual(new Map());
  mkdirSync(paths.events);
  const lines = [
    '{"build":"a","n":1}',
    '{"build":"b","n":2}',
    '{"build":null,"n":3}',
    '{"build":"a","n":4}',
    'null',
    '7',
    '{"build":"b","n":',
  ];
  writeFileSync(paths.gateLog, lines.join('\n'));
  expect(lastRecords(paths)).toEqual(
    new Map([
      ['a', { build: 'a', n: 4 }],
      ['b', { build: 'b', n: 2 }],
    ]),
  );
});
