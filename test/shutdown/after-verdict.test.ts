import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { identify } from '../../src/owner/identity.ts';
import { endIfRequested } from '../../src/shutdown/after-verdict.ts';
import { readRequest, writeRequest } from '../../src/shutdown/request.ts';
import { readRecords } from '../../src/state/log.ts';
import { statePaths } from '../../src/state/paths.ts';
import type { Verdict } from '../../src/verdict.ts';
import { makeEvent } from '../session/make.ts';
import { requestOf } from './make.ts';

const stop = makeEvent('Stop');
const inactive: Verdict = { decision: 'approve', cause: 'inactive' };

function state() {
  const root = mkdtempSync(join(tmpdir(), 'sg-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return statePaths(root);
}

it('writes down what went wrong, and where even that fails, says nothing', async () => {
  const paths = state();
  mkdirSync(paths.request(stop.sessionId), { recursive: true });
  await endIfRequested(stop, paths, { verdict: inactive, record: {} });
  expect(readRecords(paths.shutdownLog)).toMatchObject([{ decided: 'failed', session: 's-1' }]);
  rmSync(paths.shutdownLog);
  mkdirSync(paths.shutdownLog);
  await endIfRequested(stop, paths, { verdict: inactive, record: {} });
});

it('leaves one line when the request is torn', async () => {
  const paths = state();
  mkdirSync(paths.requests, { recursive: true });
  writeFileSync(paths.request(stop.sessionId), '{ "sche');
  await endIfRequested(stop, paths, { verdict: inactive, record: {} });
  expect(readRecords(paths.shutdownLog)).toMatchObject([
    { decided: 'failed', reason: expect.stringContaining('cannot be read') },
  ]);
});

it('a stop that has to wait takes the place of an earlier one, whose closer may still be there', async () => {
  const paths = state();
  const { host, sessionId, cwd } = stop;
  const { agent } = identify({ host, sessionId, cwd, env: process.env, pid: process.pid });
  const earlier = { id: 'earlier', at: '', activity: '', message: null };
  writeRequest(paths, requestOf({ agent: agent && { ...agent }, stop: earlier }));
  await endIfRequested(makeEvent('Stop', { backgroundTasks: 1 }), paths, {
    verdict: { decision: 'approve', cause: 'waiting' },
    record: {},
  });
  expect(readRecords(paths.shutdownLog)).toMatchObject([{ decided: 'deferred' }]);
  expect(readRequest(paths, sessionId)).toMatchObject({ state: 'pending', stop: null });
});
