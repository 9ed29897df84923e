import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { signalExactly } from '../../src/owner/signal.ts';
import { endedStamp, stampOfPid } from '../support/process-stamp.ts';

function sleeper() {
  const child = spawn('sleep', ['30'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

it('signals exactly the stamped process', async () => {
  const child = sleeper();
  expect(signalExactly(stampOfPid(child.pid), 'SIGTERM')).toEqual({ kind: 'sent' });
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

it('signals nothing when the stamped process has ended', () => {
  const child = sleeper();
  expect(signalExactly(endedStamp(child.pid), 'SIGTERM')).toEqual({ kind: 'gone' });
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
});

it.runIf(process.platform === 'linux').each([
  ['of another PID namespace', '4026532177:66443'],
  ['of 0.1, which named no namespace', undefined],
])('signals nothing for a stamp %s, though its pid is there', async (_name, namespace) => {
  const child = sleeper();
  const stamp = { ...stampOfPid(child.pid), namespace };
  expect(signalExactly(stamp, 'SIGKILL').kind).toBe('failed');
  await new Promise((done) => setTimeout(done, 50));
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
});
