import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { shutdownMarks } from '../../src/shutdown/marks.ts';
import { readRequest, writeRequest } from '../../src/shutdown/request.ts';
import { readRecords } from '../../src/state/log.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { askerOf } from '../owner/make.ts';
import { makeEvent } from '../session/make.ts';
import { requestOf } from './make.ts';

function state(): StatePaths {
  const root = mkdtempSync(join(tmpdir(), 'sg-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return statePaths(root);
}

const ended = (paths: StatePaths, reason: string) =>
  shutdownMarks(makeEvent('SessionEnd', { reason }), askerOf(), paths);

it('a session that a person left is not called ended by stopgate, which was going to', () => {
  const paths = state();
  writeRequest(paths, requestOf({ state: 'ending' }));
  expect(ended(paths, 'prompt_input_exit')).toEqual({});
  expect(readRequest(paths, 's-1')).toBeNull();
  expect(readRecords(paths.shutdownLog)).toMatchObject([
    { decided: 'dropped', reason: 'the session ended: prompt_input_exit' },
  ]);
});

it('says what is not known when nothing tells who ended it', () => {
  const paths = state();
  writeRequest(paths, requestOf({ state: 'ending' }));
  expect(ended(paths, 'other')).toEqual({
    exitReason: 'not known, perhaps shutdown-after-idle: role intake, tool hand_off',
  });
});

it.each<[string, (paths: StatePaths) => unknown]>([
  ['is no file', (paths) => mkdirSync(paths.request('s-1'), { recursive: true })],
  [
    'is torn',
    (paths) => {
      mkdirSync(paths.requests, { recursive: true });
      writeFileSync(paths.request('s-1'), '{ "sche');
    },
  ],
])('a request that %s keeps no record from being written, and leaves one line', (_, make) => {
  const paths = state();
  make(paths);
  expect(ended(paths, 'other')).toEqual({});
  expect(readRecords(paths.shutdownLog)).toMatchObject([{ decided: 'failed', session: 's-1' }]);
});
