import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { drained } from '../../src/io/drained.ts';

/** Runs a shell script, drains it for 60 ms from its end, and blocks this process for `busyMs` right then. */
function run(script: string, busyMs: number): Promise<string> {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve) => {
    child.once('exit', () => {
      drained(child, 60).then(() => resolve(text));
      if (busyMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyMs);
    });
  });
}

it('has all that was written by the time this process got to it', async () => {
  expect(await run('(sleep 0.1; echo late) & exit 0', 3_000)).toBe('late\n');
});

it('is over as soon as the output is closed', async () => {
  const started = Date.now();
  expect(await run('echo now', 0)).toBe('now\n');
  expect(Date.now() - started).toBeLessThan(10_000);
});

it('does not wait for what holds the output open', async () => {
  const started = Date.now();
  expect(await run('echo now; sleep 20 & exit 0', 0)).toBe('now\n');
  expect(Date.now() - started).toBeLessThan(15_000);
});
