import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { closeWhenIdle } from '../../src/shutdown/closer.ts';
import { writeRequest } from '../../src/shutdown/request.ts';
import { readRecords } from '../../src/state/log.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { requestOf } from './make.ts';

function state(): StatePaths {
  const root = mkdtempSync(join(tmpdir(), 'sg-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return statePaths(root);
}

const write = (text: string) => (paths: StatePaths) => {
  const path = paths.request('s-1');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

it.each<[string, (paths: StatePaths) => unknown, string]>([
  ['is torn', write('{ "sche'), 'cannot be read'],
  ['lacks a part', write('{ "schema": 1 }'), 'cannot be read'],
  ['is of a newer stopgate', write('{ "schema": 2 }'), 'of a newer stopgate'],
  [
    'is no file',
    (paths) => mkdirSync(paths.request('s-1'), { recursive: true }),
    'not a regular file',
  ],
])('leaves one line when the request %s', (_, make, why) => {
  const paths = state();
  make(paths);
  closeWhenIdle(paths, 's-1', 'stop');
  expect(readRecords(paths.shutdownLog)).toMatchObject([
    { decided: 'failed', session: 's-1', reason: expect.stringContaining(why) },
  ]);
});

it('keeps the bytes of a request that is torn', () => {
  const paths = state();
  write('{ "sche')(paths);
  closeWhenIdle(paths, 's-1', 'stop');
  expect(readdirSync(paths.requests)).toEqual([expect.stringMatching(/^s-1\.json\.corrupt-/)]);
});

it('says nothing of a request that is gone, or of another stop', () => {
  const paths = state();
  closeWhenIdle(paths, 's-1', 'stop');
  const stop = { id: 'later', at: '', activity: '', message: null };
  writeRequest(paths, requestOf({ stop }));
  closeWhenIdle(paths, 's-1', 'stop');
  expect(readRecords(paths.shutdownLog)).toEqual([]);
});
