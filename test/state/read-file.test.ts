import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  LINE_BYTES,
  openRegularFile,
  readAt,
  readEnd,
  readIfThere,
  readRegularFile,
  readStart,
} from '../../src/state/read-file.ts';
import { scratchDir } from '../build/scratch.ts';

it('reads a file whole, through a link only where links are followed', () => {
  const dir = scratchDir();
  writeFileSync(join(dir, 'a'), 'text');
  symlinkSync('a', join(dir, 'b'));
  expect(readRegularFile(join(dir, 'b'), 4).toString()).toBe('text');
  expect(readRegularFile(join(dir, 'a'), 4, 'itself').toString()).toBe('text');
  expect(() => readRegularFile(join(dir, 'b'), 4, 'itself')).toThrow('is a symbolic link');
});

const UNREADABLE: [string, (path: string) => unknown, string][] = [
  ['a directory', (path) => mkdirSync(path), 'not-a-file'],
  ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path]), 'not-a-file'],
  ['an endless device', (path) => symlinkSync('/dev/zero', path), 'not-a-file'],
  ['too many bytes', (path) => writeFileSync(path, '12345'), 'too-large'],
  ['nothing', () => {}, 'ENOENT'],
  ['a link to itself', (path) => symlinkSync(path, path), 'ELOOP'],
];

it.each(UNREADABLE)('refuses %s at once', (_, make, code) => {
  const path = join(scratchDir(), 'x');
  make(path);
  const began = Date.now();
  expect(() => readRegularFile(path, 4)).toThrow(expect.objectContaining({ code }));
  expect(Date.now() - began).toBeLessThan(5_000);
});

it.each<[string, (path: string) => unknown]>([
  ...UNREADABLE.filter(([what]) => what !== 'too many bytes').map(
    ([what, make]): [string, (path: string) => unknown] => [what, make],
  ),
  ['a link', (path: string) => symlinkSync('/etc/passwd', path)],
  ['more than a line', (path: string) => writeFileSync(path, 'x'.repeat(LINE_BYTES + 1))],
])('a small file of ours that is %s counts as not there', (_, make) => {
  const path = join(scratchDir(), 'x');
  make(path);
  expect(readIfThere(path)).toBeNull();
});

it('reads no more than there was when it looked, from a file that grows or shrinks meanwhile', () => {
  const path = join(scratchDir(), 'x');
  writeFileSync(path, '12345');
  const { fd, stat } = openRegularFile(path);
  appendFileSync(path, '678');
  expect(readAt(fd, 0, stat.size).toString()).toBe('12345');
  truncateSync(path, 2);
  expect(readAt(fd, 0, stat.size).toString()).toBe('12');
});

it('reads the beginning or the end of a file that is larger', () => {
  const path = join(scratchDir(), 'x');
  writeFileSync(path, '12345');
  expect(readStart(path, 2).toString()).toBe('12');
  expect(readStart(path, 9).toString()).toBe('12345');
  expect(readEnd(path, 2).toString()).toBe('45');
  expect(readEnd(path, 9).toString()).toBe('12345');
});
