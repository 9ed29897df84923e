import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineId } from '../../src/owner/machine.ts';
import { dropLitter, findLitter } from '../../src/state/litter.ts';
import { statePaths } from '../../src/state/paths.ts';
import { stampOfPid } from '../support/process-stamp.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stopgate-litter-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const state = () => statePaths(join(root, 'state'));
const data = () => join(root, 'data');
const litter = () => findLitter(state(), data()).map((path) => path.slice(root.length + 1));

const HOURS_AGO = Date.now() / 1000 - 2 * 60 * 60;
/** The pid of a process that is over; of none that is there. */
const gone = spawnSync('true').pid;

function put(path: string, text = '', at = HOURS_AGO): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, at, at);
}

const lockOf = (more: object) => {
  return JSON.stringify({ ...stampOfPid(), machine: machineId(), ...more });
};

describe('what a killed process left', () => {
  it.each<[string, string]>([
    [`state/builds/a.json.${gone}-x1y2.tmp`, ''],
    [`state/armed/stop/a.${gone}-x1y2.tmp`, ''],
    [`state/gate.json.${gone}-x1y2.tmp`, ''],
    [`state/locks/build-a.lock.${gone}.x1y2`, ''],
    ['state/locks/build-a.lock.break-7', ''],
    ['state/locks/build-a.lock', lockOf({ start: 'an earlier boot' })],
    ['state/locks/build-b.lock', lockOf({ machine: 'other', start: 'x' })],
    ['state/locks/build-c.lock', lockOf({ namespace: '4026532177:66443' })],
    ['state/locks/build-d.lock', lockOf({ start: '' })],
    ['state/events/gate.jsonl.lock', 'no lock at all'],
    [`data/manifest.json.${gone}-x1y2.tmp`, ''],
    [`data/versions/1.0.0/hooks/session.cjs.${gone}-x1y2.tmp`, ''],
  ])('%s is found and dropped', (path, text) => {
    put(path, text);
    expect(litter()).toEqual([path]);
    dropLitter(state(), data());
    expect(existsSync(join(root, path))).toBe(false);
    expect(litter()).toEqual([]);
  });

  it('a link that was to become the current version is dropped, and what it leads to stays', () => {
    put('data/versions/1.0.0/boot.cjs');
    const link = join(data(), `current.${gone}-x1y2`);
    symlinkSync('versions/1.0.0', link);
    lutimesSync(link, HOURS_AGO, HOURS_AGO);
    expect(litter()).toEqual([`data/current.${gone}-x1y2`]);
    dropLitter(state(), data());
    expect(existsSync(join(data(), 'versions/1.0.0/boot.cjs'))).toBe(true);
  });
});

describe('what stays', () => {
  it.each<[string, string, string?, number?]>([
    ['the file of a process that is there', `state/builds/a.json.${process.pid}-x1y2.tmp`],
    ['one that is an hour old at most', `state/builds/a.json.${gone}-x.tmp`, '', Date.now() / 1000],
    ['a lock that is held', 'state/locks/a.lock', lockOf({})],
    [
      'a lock of another container that was held within the hour',
      'state/locks/a.lock',
      lockOf({ namespace: '4026532177:66443' }),
      Date.now() / 1000 - 120,
    ],
    ['a name without a pid', 'state/builds/notes.tmp'],
    ['a state file', 'state/builds/a.json', '{}'],
    ['a corrupt file that was set aside', 'state/builds/a.json.corrupt-2026', '{'],
    ['a directory that is not ours', `state/mine/a.${gone}-x1y2.tmp`],
  ])('%s', (_name, path, text = '', at = HOURS_AGO) => {
    put(path, text, at);
    dropLitter(state(), data());
    expect(litter()).toEqual([]);
    expect(existsSync(join(root, path))).toBe(true);
  });

  it('nothing is there where nothing was ever written', () => {
    expect(litter()).toEqual([]);
    dropLitter(state(), data());
    expect(existsSync(join(root, 'state'))).toBe(false);
  });
});
