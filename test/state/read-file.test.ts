import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRegularFile } from '../../src/state/read-file.ts';
import { scratchDir } from '../build/scratch.ts';

it('reads a file whole, through a link too', () => {
  const dir = scratchDir();
  writeFileSync(join(dir, 'a'), 'text');
  symlinkSync('a', join(dir, 'b'));
  expect(readRegularFile(join(dir, 'b'), 4).toString()).toBe('text');
});

it.each<[string, (path: string) => unknown, string]>([
  ['a directory', (path) => mkdirSync(path), 'not-a-file'],
  ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path]), 'not-a-file'],
  ['an endless device', (path) => symlinkSync('/dev/zero', path), 'not-a-file'],
  ['too many bytes', (path) => writeFileSync(path, '12345'), 'too-large'],
  ['nothing', () => {}, 'ENOENT'],
  ['a link to itself', (path) => symlinkSync(path, path), 'ELOOP'],
])('refuses %s at once', (_, make, code) => {
  const path = join(scratchDir(), 'x');
  make(path);
  const began = Date.now();
  expect(() => readRegularFile(path, 4)).toThrow(expect.objectContaining({ code }));
  expect(Date.now() - began).toBeLessThan(5_000);
});
