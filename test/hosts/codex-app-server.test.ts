import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withAppServer } from '../../src/hosts/codex/app-server.ts';
import { type CodexPlace, codexPlace } from './codex-place.ts';

const list = ({ env, cwd }: CodexPlace, timeoutMs = 10_000) =>
  withAppServer({ env, timeoutMs }, (server) => server.call('hooks/list', { cwds: [cwd] }));

function isGone({ home }: CodexPlace): boolean {
  const pid = Number(readFileSync(join(home, 'pid'), 'utf8'));
  try {
    return process.kill(pid, 0) && false;
  } catch {
    return true;
  }
}

it('finds its answer among other lines, and leaves no process behind', async () => {
  const place = codexPlace('noisy');

  expect(await list(place)).toMatchObject({ data: [{ cwd: place.cwd }] });
  expect(isGone(place)).toBe(true);
});

it('ends a server that never answers', async () => {
  const place = codexPlace('silent');

  await expect(list(place, 1500)).rejects.toMatchObject({
    code: 'codex-failed',
    message: 'codex app-server did not answer within 1.5 s.',
  });
  expect(isGone(place)).toBe(true);
});

it('says how a server ended early', async () => {
  await expect(list(codexPlace('quits'))).rejects.toMatchObject({
    code: 'codex-failed',
    message: 'codex app-server ended early (exit 3).',
  });
});

it('leaves no process behind when its user fails', async () => {
  const place = codexPlace();
  const failing = withAppServer(place, () => Promise.reject(new Error('mine')));

  await expect(failing).rejects.toThrow('mine');
  expect(isGone(place)).toBe(true);
});
