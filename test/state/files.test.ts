import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeAtomic, writeQuickly } from '../../src/state/atomic.ts';
import { dataDir, stateDir, statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';

it.each([
  [{ HOME: '/h' }, '/h/.local/state/stopgate'],
  [{ HOME: '/h', XDG_STATE_HOME: '/x' }, '/x/stopgate'],
  [{ HOME: '/h', XDG_STATE_HOME: '' }, '/h/.local/state/stopgate'],
  [{ HOME: '/h', XDG_STATE_HOME: '/x', STOPGATE_STATE_DIR: '/s' }, '/s'],
  [{ HOME: '/h', STOPGATE_STATE_DIR: '' }, '/h/.local/state/stopgate'],
  [{ HOME: '/h', XDG_STATE_HOME: 'x' }, '/h/.local/state/stopgate'],
  [{ HOME: '/h', XDG_STATE_HOME: '/x', STOPGATE_STATE_DIR: './s' }, '/x/stopgate'],
  [{}, join(userInfo().homedir, '.local/state/stopgate')],
  [{ HOME: '' }, join(userInfo().homedir, '.local/state/stopgate')],
  [{ HOME: 'h' }, join(userInfo().homedir, '.local/state/stopgate')],
])('the state directory of %j is %s', (env, expected) => {
  expect(stateDir(env)).toBe(expected);
});

it.each([
  [{ HOME: '/h' }, '/h/.local/share/stopgate'],
  [{ HOME: '/h', XDG_DATA_HOME: '/x' }, '/x/stopgate'],
  [{ HOME: '/h', STOPGATE_STATE_DIR: '/s' }, '/h/.local/share/stopgate'],
  [{ HOME: '/h', XDG_DATA_HOME: '.local' }, '/h/.local/share/stopgate'],
])('the data directory of %j is %s', (env, expected) => {
  expect(dataDir(env)).toBe(expected);
});

it('every path lies in the state directory', () => {
  const paths = statePaths('/s');
  expect(paths).toMatchObject({
    builds: '/s/builds',
    armedStop: '/s/armed/stop',
    gateLog: '/s/events/gate.jsonl',
    locks: '/s/locks',
  });
  expect(paths.build('x')).toBe('/s/builds/x.json');
});

it('writeAtomic replaces a file by another one, private, and leaves nothing beside it', () => {
  const dir = join(scratchDir(), 'a', 'b');
  const path = join(dir, 'f.json');
  writeAtomic(path, 'old');
  const before = statSync(path);
  writeAtomic(path, 'new');
  const after = statSync(path);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(after.ino).not.toBe(before.ino);
  expect(after.mode & 0o777).toBe(0o600);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(readdirSync(dir)).toEqual(['f.json']);
});

it('writeAtomic keeps the old bytes when it cannot write', () => {
  const dir = scratchDir();
  writeFileSync(join(dir, 'file'), 'old');
  expect(() => writeAtomic(join(dir, 'file', 'below'), 'new')).toThrow();
  expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('old');
});

it('writeAtomic leaves no half of a file behind when the last step fails', () => {
  const dir = scratchDir();
  mkdirSync(join(dir, 'taken', 'full'), { recursive: true });
  expect(() => writeAtomic(join(dir, 'taken'), 'new')).toThrow();
  expect(readdirSync(dir)).toEqual(['taken']);
});

it('writeQuickly writes a private file where it is, whatever the umask', () => {
  const path = join(scratchDir(), 'a', 'f');
  const before = process.umask(0);
  try {
    writeQuickly(path, 'old text');
    writeQuickly(path, 'new');
  } finally {
    process.umask(before);
  }
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('writeQuickly neither follows a link nor waits for the reader of a pipe', () => {
  const dir = scratchDir();
  writeFileSync(join(dir, 'theirs'), 'kept');
  symlinkSync('theirs', join(dir, 'link'));
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  expect(() => writeQuickly(join(dir, 'link'), 'x')).toThrow('ELOOP');
  expect(() => writeQuickly(join(dir, 'pipe'), 'x')).toThrow('ENXIO');
  expect(readFileSync(join(dir, 'theirs'), 'utf8')).toBe('kept');
});
