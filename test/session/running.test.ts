import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { machineId } from '../../src/owner/machine.ts';
import { runningSessions } from '../../src/session/running.ts';
import type { SessionRecord } from '../../src/session/schema.ts';
import { updateSession } from '../../src/session/store.ts';
import { statePaths } from '../../src/state/paths.ts';
import { endedStamp, stampOfPid } from '../support/process-stamp.ts';
import { makeRecord } from './make.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stopgate-running-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const alive = stampOfPid();
const dead = endedStamp();

it.each<[string, Partial<SessionRecord>, boolean]>([
  ['its process is there', { agent: alive }, true],
  ['its process is gone', { agent: dead }, false],
  ['its process is not known, as in a shared daemon', { agent: null }, true],
  ['it is on another machine', { agent: dead, machine: 'elsewhere' }, true],
  ['it ended', { agent: alive, status: 'stopped' }, false],
])('%s', (_name, more, runs) => {
  const paths = statePaths(root);
  const record = makeRecord({ machine: machineId(), ...more });
  updateSession(paths, record.sessionId, 100, () => record);
  expect(runningSessions(paths)).toEqual(runs ? [record] : []);
});
