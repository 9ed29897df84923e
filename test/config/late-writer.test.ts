import * as childProcess from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applySettings } from '../../src/config/apply.ts';
import { NO_ORIGIN, planSettings } from '../../src/config/plan.ts';
import { CLAUDE_RULES } from '../../src/hosts/claude/entries.ts';
import { statePaths } from '../../src/state/paths.ts';
import { sleepSync } from '../../src/state/sleep.ts';
import { canExchange } from '../support/can-exchange.ts';
import { STOP_ENTRIES } from './corpus.ts';

/** What happens in the instants that no test can hit from outside: the nth time that the file is about to be replaced. */
const instants = vi.hoisted(() => ({
  nth: 0,
  before: (_nth: number): void => {},
  after: (_nth: number): void => {},
  around<T>(replace: () => T): T {
    const nth = this.nth++;
    this.before(nth);
    const result = replace();
    this.after(nth);
    return result;
  },
}));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const renameSync: typeof fs.renameSync = (from, to) => {
    if (!String(to).endsWith('/settings.json')) return real.renameSync(from, to);
    instants.around(() => real.renameSync(from, to));
  };
  return { ...real, renameSync };
});
vi.mock('node:child_process', async (original) => {
  const real = await original<typeof childProcess>();
  const spawnSync = (file: string, args: string[], options: childProcess.SpawnSyncOptions) => {
    const exchange = () => real.spawnSync(file, args, options);
    return process.env.PATH === '' ? exchange() : instants.around(exchange);
  };
  return { ...real, spawnSync };
});

let dir = '';
beforeEach(() => {
  dir = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'stopgate-late-')));
  fs.writeFileSync(path(), '{"n": 0}');
  instants.nth = 0;
});
afterEach(() => {
  instants.before = () => {};
  instants.after = () => {};
  vi.unstubAllEnvs();
  fs.rmSync(dir, { recursive: true, force: true });
});

const path = () => join(dir, 'settings.json');
const install = () =>
  applySettings({
    path: path(),
    mode: 0o600,
    state: statePaths(join(dir, 'state')),
    originOf: () => NO_ORIGIN,
    record: () => {},
    plan: (current, origin) => planSettings(current, STOP_ENTRIES, CLAUDE_RULES, origin),
  });

const content = () => JSON.parse(fs.readFileSync(path(), 'utf8'));
const copies = () => {
  const backups = join(dir, 'state', 'backups');
  return fs.readdirSync(backups).map((name) => fs.readFileSync(join(backups, name), 'utf8'));
};

function byRename(text: string): void {
  fs.writeFileSync(join(dir, 'theirs'), text);
  fs.renameSync(join(dir, 'theirs'), path());
}

/** A program that has the file open all the time, and writes into it as soon as another is in its place. */
function heldOpen(text: string): void {
  const fd = fs.openSync(path(), 'r+');
  instants.after = (nth) => {
    if (nth > 0) return;
    fs.ftruncateSync(fd);
    fs.writeSync(fd, text, 0);
    fs.closeSync(fd);
  };
}

/** A program that empties the file, and fills it a moment later, as one that is slow to write does. */
function slowWriter(text: string): void {
  const script = `
    const { openSync, writeSync } = require('node:fs');
    const fd = openSync(process.argv[1], 'w');
    setTimeout(() => writeSync(fd, process.argv[2]), 200);
  `;
  childProcess.spawn(process.execPath, ['-e', script, path(), text]);
  while (fs.statSync(path()).size > 0) sleepSync(1);
}

describe.each([
  ['exchanged', process.env.PATH],
  ['renamed, for want of Perl', ''],
])('while the file is %s', (_how, PATH) => {
  beforeEach(() => vi.stubEnv('PATH', PATH));

  it('carries over what a program writes into the file at the last instant', () => {
    instants.before = (nth) => nth === 0 && fs.writeFileSync(path(), '{"n": 1, "late": true}');
    expect(install().kind).toBe('edited');
    expect(content()).toMatchObject({ n: 1, late: true, hooks: { Stop: [{}] } });
  });

  it('carries over what a program writes that had the old file open', () => {
    heldOpen('{"n": 1, "late": true}');
    expect(install().kind).toBe('edited');
    expect(content()).toMatchObject({ n: 1, late: true, hooks: { Stop: [{}] } });
  });

  it('waits for a program that has emptied the file and not filled it yet', () => {
    slowWriter('{"n": 3}');
    expect(install().kind).toBe('edited');
    expect(content()).toMatchObject({ n: 3, hooks: {} });
  });

  it('waits for it even when it begins at the last instant', () => {
    instants.before = (nth) => nth === 0 && slowWriter('{"n": 4}');
    expect(install().kind).toBe('edited');
    expect(content()).toMatchObject({ n: 4, hooks: {} });
  });

  it('keeps late bytes that are no settings beside the state, and says where', () => {
    heldOpen('{"n": 2, "la');
    expect(install).toThrow(expect.objectContaining({ code: 'busy' }));
    expect(copies()).toContain('{"n": 2, "la');
  });
});

it.runIf(canExchange)('carries over what a program puts in its place at the last instant', () => {
  instants.before = (nth) => nth === 0 && byRename('{"n": 1, "late": true}');
  expect(install().kind).toBe('edited');
  expect(content()).toMatchObject({ n: 1, late: true, hooks: { Stop: [{}] } });
});

it.runIf(canExchange)(
  'carries over what was in its place when Perl was ended before it could undo that',
  {
    timeout: 30_000,
  },
  () => {
    const script = `#!/bin/sh
PATH='${process.env.PATH}'
[ -e '${dir}/once' ] && exec perl "$@"
touch '${dir}/once'
printf '{"n": 1, "late": true}' >'${dir}/theirs'
mv '${dir}/theirs' '${path()}'
perl -e 'syscall(${process.arch === 'x64' ? 316 : 276}, -100, $ARGV[0], -100, $ARGV[1], 2)' "$3" "$4"
exec sleep 60
`;
    fs.mkdirSync(join(dir, 'bin'));
    fs.writeFileSync(join(dir, 'bin', 'perl'), script, { mode: 0o755 });
    vi.stubEnv('PATH', join(dir, 'bin'));
    expect(install().kind).toBe('edited');
    expect(content()).toMatchObject({ n: 1, late: true, hooks: { Stop: [{}] } });
  },
);

it('leaves what one program writes while what another wrote late is brought in, and keeps the latter', () => {
  heldOpen('{"n": 5}');
  instants.before = (nth) => nth === 1 && fs.writeFileSync(path(), '{"n": 6}');
  expect(install).toThrow(expect.objectContaining({ code: 'busy' }));
  expect(content()).toEqual({ n: 6 });
  expect(copies()).toContain('{"n": 5}');
});
