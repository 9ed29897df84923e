import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { machineId } from '../../src/owner/machine.ts';
import type { SessionRecord } from '../../src/session/schema.ts';
import { updateSession } from '../../src/session/store.ts';
import { makeRecord } from '../session/make.ts';
import { cli, cliSync } from '../support/cli.ts';
import { stampOfPid } from '../support/process-stamp.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

const hooks = () => join(scratch.home, '.codex', 'hooks.json');
const launcher = () => join(scratch.data, 'bin', 'stopgate-hook');

const stopgate = (...args: string[]) => cliSync(scratch, args);

/** A session whose process is this one. */
function running(more: Partial<SessionRecord>): void {
  const agent = stampOfPid();
  const record = makeRecord({ machine: machineId(), agent, ...more });
  updateSession(scratch.paths, record.sessionId, 1_000, () => record);
}

function fire(command: string) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], {
    cwd: scratch.project,
    env: scratch.env,
    input: '{"session_id":"s-1","cwd":"/","hook_event_name":"Stop"}',
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('leaves the launcher to a running session of Codex, and takes it at the next run', () => {
  stopgate('install', '--host', 'codex');
  const { Stop, SessionEnd } = JSON.parse(readFileSync(hooks(), 'utf8')).hooks;
  running({ host: 'codex' });
  const dry = stopgate('uninstall', '--dry-run', '--json');
  const { stdout } = stopgate('uninstall');
  expect(stdout).toContain(`kept  ${launcher()}: sessions of Codex that are running`);
  expect(JSON.parse(dry.stdout).files.stillCalled).toEqual([launcher()]);
  expect(readdirSync(scratch.data).sort()).toEqual(['bin', 'manifest.json']);
  for (const [group] of [Stop, SessionEnd])
    expect(fire(group.hooks[0].command)).toEqual({ status: 0, stdout: '{}\n', stderr: '' });
  expect(existsSync(scratch.paths.gateLog)).toBe(false);

  running({ host: 'codex', status: 'stopped' });
  expect(stopgate('uninstall').stdout).toContain(`removed  ${launcher()}`);
  expect(existsSync(scratch.data)).toBe(false);
});

it('gives a running session of Claude Code the time to notice', () => {
  stopgate('install');
  running({ host: 'claude' });
  const started = Date.now();
  expect(stopgate('uninstall')).toMatchObject({ status: 0 });
  expect(Date.now() - started).toBeGreaterThan(2_000);
  expect(existsSync(scratch.data)).toBe(false);
});

it('leaves what an install meanwhile has settings call', async () => {
  stopgate('install');
  running({ host: 'claude' });
  const settings = join(scratch.home, '.claude', 'settings.json');
  const uninstalled = cli(scratch, ['uninstall']);
  await until('the entries to go', () => !readFileSync(settings, 'utf8').includes('stopgate-hook'));
  expect(stopgate('install').status).toBe(0);
  expect((await uninstalled).code).toBe(0);
  const { Stop } = JSON.parse(readFileSync(settings, 'utf8')).hooks;
  expect(fire(Stop[0].hooks[0].command)).toMatchObject({ status: 0, stderr: '' });
  expect(stopgate('doctor').status).toBe(0);
});

it('leaves what other settings call, also where the home is spelt through a link', () => {
  const link = join(scratch.root, 'link');
  symlinkSync(scratch.home, link);
  const linked = (...args: string[]) => cliSync(scratch, args, { HOME: link });
  expect(linked('install', '--host', 'all', '--skills').status).toBe(0);
  const { sites } = JSON.parse(stopgate('uninstall', '--host', 'codex', '--json').stdout);
  expect(sites.filter(({ scope }: { scope: string }) => scope === 'user')).toHaveLength(1);
  expect(stopgate('doctor').status).toBe(0);
  const skill = (dir: string) => existsSync(join(scratch.home, dir, 'skills/build/SKILL.md'));
  expect([skill('.claude'), skill('.codex')]).toEqual([true, false]);
  expect(stopgate('uninstall').status).toBe(0);
  expect(existsSync(scratch.data)).toBe(false);
});

it('foresees that settings which refuse keep the files, also where the home is spelt through a link', () => {
  const link = join(scratch.root, 'link');
  symlinkSync(scratch.home, link);
  expect(cliSync(scratch, ['install'], { HOME: link }).status).toBe(0);
  const settings = join(scratch.home, '.claude', 'settings.json');
  writeFileSync(settings, `// mine\n${readFileSync(settings, 'utf8')}`);
  for (const flags of [['--dry-run'], []]) {
    const { sites, files } = JSON.parse(stopgate('uninstall', ...flags, '--json').stdout);
    const refused = sites.filter((site: object) => 'refused' in site);
    expect([refused.length, files.removed]).toEqual([1, []]);
  }
});

it('takes out what an install left that was cut off', () => {
  const obstacle = join(scratch.data, 'current', 'mine');
  mkdirSync(obstacle, { recursive: true });
  expect(stopgate('install').status).toBe(1);
  expect(existsSync(launcher())).toBe(true);
  expect(stopgate('uninstall').status).toBe(0);
  expect(readdirSync(scratch.data)).toEqual(['current']);
  expect(readdirSync(join(scratch.data, 'current'))).toEqual(['mine']);
});

it('goes on where an uninstall was cut off', () => {
  stopgate('install');
  rmSync(launcher());
  rmSync(join(scratch.data, 'current', 'boot.cjs'));
  rmSync(join(scratch.data, 'current'));
  expect(stopgate('uninstall')).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(scratch.data)).toBe(false);
});

it('purges its own state, names it, and leaves what lies beside it', () => {
  stopgate('install');
  stopgate('build', 'start', 'paint the shed', '--owner-session', 's');
  stopgate('gate', 'mode', 'shadow');
  const mine = join(scratch.paths.root, 'mine', 'notes.txt');
  mkdirSync(dirname(mine));
  writeFileSync(mine, 'mine');
  const before = readdirSync(scratch.paths.root);
  const dry = stopgate('uninstall', '--purge', '--dry-run').stdout;
  expect(dry).toContain(`would remove  ${scratch.paths.builds}`);
  expect(readdirSync(scratch.paths.root)).toEqual(before);
  stopgate('uninstall', '--purge');
  expect(readdirSync(scratch.paths.root)).toEqual(['mine']);
  expect(readFileSync(mine, 'utf8')).toBe('mine');
});

it('leaves no directory of its own behind a purge', () => {
  stopgate('install');
  stopgate('uninstall', '--purge');
  expect(existsSync(scratch.paths.root)).toBe(false);
});

it('says so where there is nothing to take out, and makes no file', () => {
  expect(stopgate('uninstall')).toEqual({
    status: 0,
    stdout: 'nothing of stopgate is here\n',
    stderr: '',
  });
  expect(existsSync(join(scratch.home, '.claude'))).toBe(false);
});
