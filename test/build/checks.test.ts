import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { firstFailing } from '../../src/build/checks.ts';
import { scratchDir } from './scratch.ts';

it.each([
  ['none', [], null],
  ['all succeed', ['true', 'exit 0', 'test -d .'], null],
  [
    'the second fails',
    ['true', 'echo no; exit 3', 'exit 4'],
    { command: 'echo no; exit 3', outcome: 'exit code 3', tail: 'no' },
  ],
  [
    'a command that is not there',
    ['no-such-command-here'],
    { outcome: 'exit code 127', tail: expect.stringContaining('not found') },
  ],
  ['stderr is part of the tail', ['echo a; echo b >&2; false'], { tail: 'a\nb' }],
  ['ended by a signal', ['kill -9 $$'], { outcome: expect.stringContaining('SIGKILL') }],
  ['stdin is empty', ['read -r line'], { outcome: 'exit code 1' }],
])('%s', async (_name, checks, expected) => {
  const failed = await firstFailing(checks, scratchDir());
  if (expected === null) expect(failed).toBeNull();
  else expect(failed).toMatchObject(expected);
});

it('runs in the checkout, in order, and stops at the first that fails', async () => {
  const dir = scratchDir();
  const begun: string[] = [];
  const begin = (command: string) => void begun.push(command);
  await firstFailing(['echo 1 >>ran', 'false', 'echo 2 >>ran'], dir, { begin });
  expect(begun).toEqual(['echo 1 >>ran', 'false']);
  expect(readFileSync(join(dir, 'ran'), 'utf8')).toBe('1\n');
});

it('keeps the end of a long output', async () => {
  const failed = await firstFailing(['seq 1 20000; false'], scratchDir());
  expect(failed?.tail.length).toBeLessThanOrEqual(4096);
  expect(failed?.tail.endsWith('\n20000')).toBe(true);
});

it('a checkout that is gone fails the check, and says so', async () => {
  const gone = join(scratchDir(), 'gone');
  const failed = await firstFailing(['true'], gone);
  expect(failed?.outcome).toBe(`could not run: ${gone} is not there`);
});

it('ends a check that takes too long, with its children', async () => {
  const dir = scratchDir();
  const began = Date.now();
  const failed = await firstFailing(['(sleep 0.6; touch late) & sleep 20'], dir, {
    bounds: { eachMs: 300, allMs: 10_000 },
  });
  expect(failed?.outcome).toBe('no end after 0.3 s');
  expect(Date.now() - began).toBeLessThan(10_000);
  await new Promise((done) => setTimeout(done, 700));
  expect(existsSync(join(dir, 'late'))).toBe(false);
});

it('does not wait for a process that left the group and holds the output open', async () => {
  const dir = scratchDir();
  onTestFinished(
    () => void process.kill(Number(readFileSync(join(dir, 'pid'), 'utf8')), 'SIGKILL'),
  );
  const check =
    "setsid sh -c 'echo $$ >pid; exec sleep 30' & while ! test -s pid; do sleep 0.02; done";
  const began = Date.now();
  await firstFailing([check], dir, { bounds: { eachMs: 500, allMs: 10_000 } });
  expect(Date.now() - began).toBeLessThan(10_000);
});

it('a check that no time is left for is not started, and is no pass', async () => {
  const dir = scratchDir();
  const bounds = { eachMs: 400, allMs: 400 };
  const checks = ['sleep 0.3; true', 'sleep 0.3; true', 'touch late'];
  const failed = await firstFailing(checks, dir, { bounds });
  expect(failed).toMatchObject({ command: checks[1], outcome: expect.stringMatching(/^no end/) });
  const none = await firstFailing(checks.slice(2), dir, {
    bounds: { eachMs: 400, allMs: 0 },
  });
  expect(none).toMatchObject({ command: 'touch late', outcome: 'not run: 0 s were up' });
  expect(existsSync(join(dir, 'late'))).toBe(false);
});
