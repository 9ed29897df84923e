import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createBuild } from '../../src/build/store.ts';
import { holdsNobody, watch } from '../../src/build/watch.ts';
import { statePaths } from '../../src/state/paths.ts';
import { buildOf } from './make.ts';
import { scratchDir } from './scratch.ts';

const soon = (ms: number) => ({ deadline: Date.now() + ms, pauseMs: 10 });
const never = () => false;

it('runs until the command succeeds', async () => {
  const cwd = scratchDir();
  const command = 'echo >>ran; test "$(wc -l <ran)" -ge 3';
  await watch({ command, cwd, ...soon(10_000) }, never);
  expect(readFileSync(join(cwd, 'ran'), 'utf8')).toBe('\n\n\n');
});

it.each<[string, string, () => boolean]>([
  ['the time is over', 'false', never],
  ['the command does not end in time', 'sleep 30', never],
  ['nobody waits any more', 'touch ran; false', () => true],
])('ends when %s', async (_, command, isOver) => {
  const cwd = scratchDir();
  const began = Date.now();
  await watch({ command, cwd, ...soon(300) }, isOver);
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(existsSync(join(cwd, 'ran'))).toBe(false);
});

it.each<[string, Parameters<typeof buildOf>[0], boolean]>([
  ['open', {}, false],
  ['paused', { phase: 'paused' }, false],
  ['complete', { phase: 'complete' }, true],
  ['released', { owner: null }, true],
])('whether a build that is %s holds nobody', (_, changes, expected) => {
  const paths = statePaths(scratchDir());
  createBuild(paths, buildOf(changes));
  expect(holdsNobody(paths, buildOf().id)).toBe(expected);
});

it('a build that is gone holds nobody, one that cannot be read may', () => {
  const paths = statePaths(scratchDir());
  expect(holdsNobody(paths, 'x')).toBe(true);
  mkdirSync(dirname(paths.build('x')), { recursive: true });
  writeFileSync(paths.build('x'), '{"schema":9}');
  expect(holdsNobody(paths, 'x')).toBe(false);
  mkdirSync(paths.build('y'));
  expect(holdsNobody(paths, 'y')).toBe(false);
});
