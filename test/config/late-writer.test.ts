import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { applySettings } from '../../src/config/apply.ts';
import { NO_ORIGIN, planSettings } from '../../src/config/plan.ts';
import { CLAUDE_RULES } from '../../src/hosts/claude/entries.ts';
import { statePaths } from '../../src/state/paths.ts';
import { sleepSync } from '../../src/state/sleep.ts';
import { STOP_ENTRIES } from './corpus.ts';

/** The one instant that no test can hit from outside: between the last comparison and the rename. */
const lastInstant = vi.hoisted(() => ({ run: (): void => {} }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const renameSync: typeof fs.renameSync = (from, to) => {
    if (String(to).endsWith('/settings.json')) lastInstant.run();
    real.renameSync(from, to);
  };
  return { ...real, renameSync };
});

let dir = '';
beforeEach(() => {
  dir = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'stopgate-late-')));
  fs.writeFileSync(path(), '{"n": 0}');
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const path = () => join(dir, 'settings.json');
const install = () =>
  applySettings({
    path: path(),
    state: statePaths(join(dir, 'state')),
    originOf: () => NO_ORIGIN,
    record: () => {},
    plan: (current, origin) => planSettings(current, STOP_ENTRIES, CLAUDE_RULES, origin),
  });

it('carries over what a program wrote into the old file at the last instant', () => {
  let n = 0;
  lastInstant.run = () => {
    if (n++ === 0) fs.writeFileSync(path(), '{"n": 1, "late": true}');
  };
  expect(install().kind).toBe('edited');
  expect(JSON.parse(fs.readFileSync(path(), 'utf8'))).toMatchObject({
    n: 1,
    late: true,
    hooks: { Stop: [{}] },
  });
});

/** A program that empties the file, and fills it a moment later, as one that is slow to write does. */
function slowWriter(text: string): void {
  const script = `
    const { openSync, writeSync } = require('node:fs');
    const fd = openSync(process.argv[1], 'w');
    setTimeout(() => writeSync(fd, process.argv[2]), 200);
  `;
  spawn(process.execPath, ['-e', script, path(), text]);
  while (fs.statSync(path()).size > 0) sleepSync(1);
}

it('waits for a program that has emptied the file and not filled it yet', () => {
  lastInstant.run = () => {};
  slowWriter('{"n": 3}');
  expect(install().kind).toBe('edited');
  expect(JSON.parse(fs.readFileSync(path(), 'utf8'))).toMatchObject({ n: 3, hooks: {} });
});

it('waits for it even when it begins at the last instant', () => {
  let n = 0;
  lastInstant.run = () => {
    if (n++ === 0) slowWriter('{"n": 4}');
  };
  expect(install().kind).toBe('edited');
  expect(JSON.parse(fs.readFileSync(path(), 'utf8'))).toMatchObject({ n: 4, hooks: {} });
});

it('keeps late bytes that are no settings beside the state, and says where', () => {
  lastInstant.run = () => fs.writeFileSync(path(), '{"n": 2, "la');
  expect(install).toThrow(expect.objectContaining({ code: 'busy' }));
  const backups = join(dir, 'state', 'backups');
  const copies = fs
    .readdirSync(backups)
    .map((name) => fs.readFileSync(join(backups, name), 'utf8'));
  expect(copies).toContain('{"n": 2, "la');
});
