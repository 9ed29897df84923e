import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cliSync } from '../support/cli.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

it.each([
  [['nosuch'], 'nosuch'],
  [['build', 'start'], 'task'],
  [['build', 'start', 'x', '--size', 'huge'], 'small, standard, large'],
  [['gate', 'mode', 'loud'], 'off, shadow, enforce, default'],
  [['gate', 'log', '--since', '5'], 'a unit'],
  [['session', 'keep', 'x'], '--reason'],
  [['log', 'prune'], '--unreferenced'],
  [['install', '--bogus'], '--bogus'],
])('%j is a usage error that says what is wrong and what next', (words, named) => {
  const { status, stdout, stderr } = cliSync(scratch, words);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(named);
  expect(stderr).toContain('(add --help for what is expected)');
});

it('a stdout that cannot be written makes the command fail, in a sentence', () => {
  const { project: cwd, env } = scratch;
  const full = spawnSync('sh', ['-c', 'stopgate status >/dev/full'], {
    cwd,
    env,
    encoding: 'utf8',
  });
  expect(full).toMatchObject({ status: 1, stderr: 'stopgate: Cannot write to stdout (ENOSPC).\n' });
});

it.each([[['doctor']], [['build', '--help']], [['build', 'complete', '--build', 'a']]])(
  '%j goes on to its end when nobody reads what it prints',
  async (words) => {
    const start = ['build', 'start', 'A task', '--owner-session', 's-1', '--check', 'echo out'];
    const id = cliSync(scratch, start).stdout.match(/a-task-\w+/)?.[0] ?? '';
    const args = words.map((word) => (word === 'a' ? id : word));
    const { project: cwd, env } = scratch;
    const child = spawn('stopgate', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).not.toContain('EPIPE');
    if (args.includes(id))
      expect(cliSync(scratch, ['build', 'status', '--build', id]).stdout).toContain('complete');
  },
);
