import { existsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { withLock } from '../../src/state/lock.ts';
import { scratchDir } from '../build/scratch.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return { ...real, unlinkSync: vi.fn(real.unlinkSync) };
});

it('holds a lock that it took though the name beside it cannot be removed', () => {
  const path = join(scratchDir(), 'locks', 'a.lock');
  vi.mocked(unlinkSync).mockImplementationOnce(() => {
    throw Object.assign(new Error('EIO: i/o error, unlink'), { code: 'EIO' });
  });
  expect(withLock(path, 0, () => existsSync(path))).toBe(true);
  expect(withLock(path, 0, () => 'next')).toBe('next');
});
