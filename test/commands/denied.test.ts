import { expect, it } from 'vitest';
import { type Denied, deniedIn } from '../../src/commands/denied.ts';

const failure = (code: string, syscall: string) =>
  Object.assign(new Error(code), { code, syscall, path: '/state/x' });

it.each<[string, string, boolean, Denied | null]>([
  ['EACCES', 'scandir', true, 'read'],
  ['EACCES', 'stat', true, 'read'],
  ['EACCES', 'open', false, 'read'],
  ['EPERM', 'open', false, 'read'],
  ['EACCES', 'open', true, 'write'],
  ['EPERM', 'open', true, 'write'],
  ['EROFS', 'open', true, 'write'],
  ['EROFS', 'open', false, 'write'],
  ['EACCES', 'mkdir', true, 'write'],
  ['EACCES', 'rename', true, 'write'],
  ['ENOENT', 'mkdir', true, 'write'],
  ['ENOENT', 'open', true, null],
  ['EACCES', 'spawn git', true, 'run'],
  ['EPERM', 'kill', true, null],
  ['ENOSPC', 'write', true, null],
])('%s of %s, readable: %s → %s', (code, syscall, isReadable, expected) => {
  expect(deniedIn(failure(code, syscall), () => isReadable)).toBe(expected);
});

it('takes a file that is not there yet for one that was to be written', () => {
  expect(deniedIn(Object.assign(failure('EACCES', 'open'), { path: '/nowhere/x' }))).toBe('write');
});

it('calls nothing that is no system error denied', () => {
  expect(deniedIn(new TypeError('x'))).toBeNull();
  expect(deniedIn('x')).toBeNull();
});
