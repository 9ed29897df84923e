import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exchange } from '../../src/config/exchange.ts';
import { type Snapshot, takeSnapshot } from '../../src/config/snapshot.ts';
import { canExchange } from '../support/can-exchange.ts';

const hasStrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sg-exchange-'));
  writeFileSync(path(), 'planned for');
  writeFileSync(fresh(), 'ours');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

const path = () => join(dir, 'settings.json');
const fresh = () => join(dir, 'fresh');
const both = () => [path(), fresh()].map((file) => readFileSync(file, 'utf8'));
const planned = () => takeSnapshot(path()) as Snapshot;

/** A `perl` that waits for 2 s before each exchange, while `meanwhile` happens. */
function slowPerl(meanwhile: string): void {
  mkdirSync(join(dir, 'bin'));
  const delay = '-e trace=renameat2 -e inject=renameat2:delay_enter=2000000';
  const script = `#!/bin/sh
PATH='${process.env.PATH}'
(sleep 0.4; cd '${dir}'; ${meanwhile}) &
exec strace -qq -o /dev/null ${delay} perl "$@"
`;
  writeFileSync(join(dir, 'bin', 'perl'), script, { mode: 0o755 });
  vi.stubEnv('PATH', join(dir, 'bin'));
}

it.runIf(canExchange)('puts the one where the other is', () => {
  expect(exchange(fresh(), path(), planned())).toBe('done');
  expect(both()).toEqual(['ours', 'planned for']);
});

it.runIf(canExchange).each([
  ['other bytes', () => writeFileSync(path(), 'theirs')],
  [
    'another file with the same bytes',
    () => {
      rmSync(path());
      writeFileSync(join(dir, 'x'), '');
      writeFileSync(path(), 'planned for');
    },
  ],
])('leaves %s than the planned ones alone', (_what, change) => {
  const before = planned();
  change();
  const left = both();
  expect(exchange(fresh(), path(), before)).toBe('overtaken');
  expect(both()).toEqual(left);
});

describe.runIf(canExchange && hasStrace)('another program that is faster by an instant', () => {
  it.each([
    ['in place', 'printf theirs > settings.json'],
    ['by rename', 'printf theirs > new; mv new settings.json'],
    [
      'by rename, and again while that is undone',
      'for n in 1 2 theirs; do printf $n > new; mv new settings.json; sleep 1.3; done',
    ],
  ])('keeps what it wrote %s', { timeout: 60_000 }, (_how, meanwhile) => {
    const before = planned();
    slowPerl(meanwhile);
    expect(exchange(fresh(), path(), before, 45_000)).toBe('overtaken');
    expect(readFileSync(path(), 'utf8')).toBe('theirs');
  });
});

/** A `perl` that is another program. */
function otherPerl(script: string): void {
  mkdirSync(join(dir, 'bin'));
  writeFileSync(join(dir, 'bin', 'perl'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${join(dir, 'bin')}:${process.env.PATH}`);
}

it.each([
  ['does nothing', 'exit 0'],
  ['says that another program was faster', 'exit 3'],
  ['cannot start', 'exit 127'],
  ['hangs, and ignores signals', 'trap "" TERM; exec sleep 60'],
])('is not to be had from a Perl that %s', { timeout: 20_000 }, (_what, script) => {
  otherPerl(script);
  expect(exchange(fresh(), path(), planned())).toBe('unavailable');
  expect(both()).toEqual(['planned for', 'ours']);
});

it.runIf(canExchange)(
  'is done where Perl was ended before it could say so',
  {
    timeout: 20_000,
  },
  () => {
    const perl = spawnSync('sh', ['-c', 'command -v perl'], { encoding: 'utf8' }).stdout.trim();
    otherPerl(`'${perl}' "$@"; exec sleep 60`);
    expect(exchange(fresh(), path(), planned())).toBe('done');
    expect(both()).toEqual(['ours', 'planned for']);
  },
);

it.runIf(canExchange)('keeps the access list and other attributes of the file', (test) => {
  const perl = (script: string) =>
    spawnSync('perl', ['-e', script, path()], { encoding: 'latin1' }).stdout;
  if (perl(SET_ATTRIBUTES) !== 'set') return test.skip();
  const before = perl(GET_ATTRIBUTES);
  expect(before).toContain('mine');
  expect(exchange(fresh(), path(), planned())).toBe('done');
  expect(readFileSync(path(), 'utf8')).toBe('ours');
  expect(perl(GET_ATTRIBUTES)).toBe(before);
});

/** One user may read the file whose group may not. */
const [SETXATTR, GETXATTR] = process.arch === 'x64' ? [188, 191] : [5, 8];
const SET_ATTRIBUTES = `
  my @entries = ([1, 6, 0xffffffff], [2, 4, 12345], [4, 0, 0xffffffff], [16, 4, 0xffffffff], [32, 0, 0xffffffff]);
  my $acl = pack('V', 2) . join '', map { pack 'vvV', @$_ } @entries;
  my %values = ('system.posix_acl_access' => $acl, 'user.note' => 'mine');
  syscall(${SETXATTR}, $ARGV[0], "$_", $values{$_}, length $values{$_}, 0) == 0 or exit for keys %values;
  print 'set';
`;
const GET_ATTRIBUTES = `
  for my $name ('system.posix_acl_access', 'user.note') {
    my $into = "\\0" x 1024;
    my $size = syscall(${GETXATTR}, $ARGV[0], "$name", $into, 1024);
    print "$name $size ", substr($into, 0, $size > 0 ? $size : 0);
  }
`;

it('is not to be had without Perl', () => {
  symlinkSync(process.execPath, join(dir, 'node'));
  vi.stubEnv('PATH', dir);
  expect(exchange(fresh(), path(), planned())).toBe('unavailable');
  expect(both()).toEqual(['planned for', 'ours']);
});
