import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nextVersion } from '../support/next-version.ts';
import { makeScratch, packageRoot, type Scratch } from '../support/scratch.ts';

/** The packed tarball, installed with npm into a scratch prefix, through a whole life. */

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch("o'häuser $x home");
});
afterEach(() => scratch.remove());

const PERSON =
  '{\r\n\t"model": "opus",\r\n\t"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}\r\n}';
const settings = () => join(scratch.home, '.claude', 'settings.json');
const project = () => join(scratch.project, '.claude', 'settings.json');

function run(file: string, args: string[], cwd = scratch.project) {
  const done = spawnSync(file, args, { cwd, env: scratch.env, encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Packs what `npm run build` left in dist, without building again. */
function installedFromTarball(): string {
  const packed = run('npm', [
    'pack',
    '--ignore-scripts',
    '--json',
    '--pack-destination',
    scratch.root,
    packageRoot,
  ]);
  const tarball = readdirSync(scratch.root).find((name) => name.endsWith('.tgz')) ?? packed.err;
  const prefix = join(scratch.home, 'prefix with space');
  const npm = run('npm', [
    'install',
    '--global',
    '--offline',
    '--prefix',
    prefix,
    join(scratch.root, tarball),
  ]);
  expect(npm.code, npm.err).toBe(0);
  return join(prefix, 'bin', 'stopgate');
}

it('installs, checks, migrates and uninstalls, and leaves the settings of the person as they were', () => {
  mkdirSync(dirname(settings()), { recursive: true });
  writeFileSync(settings(), PERSON);
  const stopgate = installedFromTarball();

  expect(run(stopgate, ['install', '--host', 'claude', '--scope', 'user'])).toMatchObject({
    code: 0,
  });
  expect(run(stopgate, ['doctor'])).toMatchObject({ code: 0 });
  const installed = readFileSync(settings(), 'utf8');
  expect(run(stopgate, ['migrate'])).toMatchObject({ code: 0 });
  expect(readFileSync(settings(), 'utf8')).toBe(installed);

  expect(run(stopgate, ['uninstall'])).toMatchObject({ code: 0 });
  expect(readFileSync(settings(), 'utf8')).toBe(PERSON);
  expect(existsSync(scratch.data)).toBe(false);
});

it('brings the project its own copy, which works where nobody installed stopgate', () => {
  const stopgate = installedFromTarball();
  expect(run(stopgate, ['install', '--scope', 'project'])).toMatchObject({ code: 0 });
  rmSync(scratch.data, { recursive: true });
  const { hooks } = JSON.parse(readFileSync(project(), 'utf8'));
  const armed = join(scratch.paths.armedStop, 'a-build');
  mkdirSync(dirname(armed), { recursive: true });
  writeFileSync(armed, '- - -\n');
  const event = { session_id: 's', cwd: scratch.project, hook_event_name: 'Stop' };
  const fired = spawnSync('/bin/sh', ['-c', hooks.Stop[0].hooks[0].command], {
    cwd: '/',
    env: { ...scratch.env, CLAUDE_PROJECT_DIR: scratch.project },
    input: JSON.stringify(event),
    encoding: 'utf8',
  });
  expect(fired).toMatchObject({ status: 0, stdout: '{"decision":"approve"}\n' });
  expect(readFileSync(scratch.paths.gateLog, 'utf8')).toContain('"cause":"inactive"');
});

it('keeps a file of its own that a person changed, and says so', () => {
  const stopgate = installedFromTarball();
  run(stopgate, ['install']);
  const launcher = join(scratch.data, 'bin', 'stopgate-hook');
  writeFileSync(launcher, '#!/bin/sh\necho mine\n');
  const { out } = run(stopgate, ['uninstall']);
  expect(out).toContain(`kept  ${launcher}`);
  expect(readFileSync(launcher, 'utf8')).toContain('echo mine');
  expect(existsSync(join(scratch.data, 'node'))).toBe(false);
});

it('finds an entry that another program dropped, and puts it back', () => {
  const stopgate = installedFromTarball();
  run(stopgate, ['install']);
  const installed = readFileSync(settings(), 'utf8');
  const dropped = JSON.parse(installed);
  delete dropped.hooks.Stop;
  writeFileSync(settings(), JSON.stringify(dropped));
  const sick = run(stopgate, ['doctor']);
  expect(sick.code).toBe(1);
  expect(sick.out).toContain('add Stop');
  expect(run(stopgate, ['doctor', '--fix'])).toMatchObject({ code: 0 });
  expect(Object.keys(JSON.parse(readFileSync(settings(), 'utf8')).hooks)).toContain('Stop');
});

it('writes nothing in a dry run of any of them', () => {
  const stopgate = installedFromTarball();
  run(stopgate, ['install', '--dry-run']);
  expect(existsSync(settings())).toBe(false);
  run(stopgate, ['install']);
  const installed = readFileSync(settings(), 'utf8');
  run(stopgate, ['uninstall', '--purge', '--dry-run']);
  run(stopgate, ['migrate', '--dry-run']);
  expect(readFileSync(settings(), 'utf8')).toBe(installed);
  expect(existsSync(join(scratch.data, 'bin', 'stopgate-hook'))).toBe(true);
});

it('follows an update at the first command of the new version, and the commands stay the same', () => {
  const stopgate = installedFromTarball();
  run(stopgate, ['install']);
  const before = readFileSync(settings(), 'utf8');
  const next = run(process.execPath, [nextVersion(scratch.root), 'status']);
  expect(next).toMatchObject({ code: 0, err: 'stopgate: brought the installed hooks to 99.0.0\n' });
  expect(readdirSync(join(scratch.data, 'versions'))).toEqual(['99.0.0']);
  expect(readFileSync(settings(), 'utf8')).toBe(before);
  expect(run(stopgate, ['status'])).toMatchObject({ code: 0, err: '' });
  expect(readdirSync(join(scratch.data, 'versions'))).toEqual(['99.0.0']);
});

it('updates nothing where nothing was installed', () => {
  expect(run(process.execPath, [nextVersion(scratch.root), 'status'])).toMatchObject({
    code: 0,
    err: '',
  });
  expect(existsSync(scratch.data)).toBe(false);
});

it('keeps the bundles of an old version while a session that may run them is alive', () => {
  const stopgate = installedFromTarball();
  run(stopgate, ['install']);
  const start = {
    session_id: 's',
    cwd: scratch.project,
    hook_event_name: 'SessionStart',
    source: 'startup',
  };
  const { hooks } = JSON.parse(readFileSync(settings(), 'utf8'));
  const env = { ...scratch.env, CLAUDE_PID: String(process.pid) };
  const input = JSON.stringify(start);
  spawnSync('/bin/sh', ['-c', hooks.SessionStart[0].hooks[0].command], { env, input });
  run(process.execPath, [nextVersion(scratch.root), 'migrate']);
  expect(readdirSync(join(scratch.data, 'versions'))).toHaveLength(2);
});

it('keeps what a person changed in a file of ours beside the new one', () => {
  const stopgate = installedFromTarball();
  run(stopgate, ['install']);
  const launcher = join(scratch.data, 'bin', 'stopgate-hook');
  writeFileSync(launcher, '#!/bin/sh\necho mine\n');
  const { out } = run(process.execPath, [nextVersion(scratch.root), 'migrate']);
  const [copy = ''] = readdirSync(dirname(launcher)).filter((name) => name.includes('.edited-'));
  expect(out).toContain(`kept  ${join(dirname(launcher), copy)}`);
  expect(readFileSync(join(dirname(launcher), copy), 'utf8')).toContain('echo mine');
  expect(readFileSync(launcher, 'utf8')).toContain('stopgate launcher');
});
