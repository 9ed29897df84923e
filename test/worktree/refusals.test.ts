import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Reason } from '../../src/cleanup/words.ts';
import { machineId } from '../../src/owner/machine.ts';
import { buildOf } from '../build/make.ts';
import { stampOf } from '../owner/make.ts';
import { endedStamp, stampOfPid } from '../support/process-stamp.ts';
import { type Scene, scene } from './scene.ts';

/** A worktree whose work is merged: nothing but what a test adds speaks against removing it. */
function finished(): Scene {
  const s = scene();
  s.commit('work.txt', 'work\n');
  s.git('merge', '--quiet', '--no-ff', '--no-edit', 'task');
  return s;
}

/** Nothing is removed, by any flag, and the file is there with every byte. */
function expectRefused(s: Scene, reason: Reason, file: string, text: string): void {
  const report = s.clean({ force: true, branch: true, task: s.tree });
  expect(report.outcome, report.why).toEqual({ verdict: 'refused', reason });
  expect(readFileSync(join(s.tree, file), 'utf8')).toBe(text);
  expect(s.git('rev-parse', '--verify', 'refs/heads/task')).toMatch(/^[0-9a-f]{40}$/);
}

it('has nothing against a finished one', () => {
  const s = finished();
  expect(s.clean()).toMatchObject({ outcome: { verdict: 'would_delete' } });
  expect(existsSync(s.tree)).toBe(true);
  expect(s.clean({ force: true })).toMatchObject({ outcome: { verdict: 'deleted' } });
  expect(existsSync(s.tree)).toBe(false);
  expect(s.git('branch', '--list', 'task'), 'the branch is another authorisation').toContain(
    'task',
  );
});

it('main-worktree', () => {
  const s = finished();
  const report = s.clean({ task: 'main', force: true });
  expect(report.outcome).toEqual({ verdict: 'refused', reason: 'main-worktree' });
  expect(existsSync(join(s.main, 'work.txt'))).toBe(true);
});

it('foreign: what stopgate did not make is kept when nobody names it', () => {
  const s = finished();
  const path = join(s.root, 'by-hand');
  s.git('worktree', 'add', '--quiet', '-b', 'by-hand', path, 'task');
  s.git('worktree', 'remove', s.tree);
  expect(s.clean({ task: null, force: true })).toMatchObject({
    path,
    outcome: { verdict: 'kept', reason: 'foreign' },
  });
  expect(existsSync(join(path, 'work.txt'))).toBe(true);
});

it('foreign: a mark that cannot be read', () => {
  const s = finished();
  writeFileSync(join(s.there('rev-parse', '--absolute-git-dir'), 'stopgate.json'), '{ torn');
  expectRefused(s, 'foreign', 'work.txt', 'work\n');
});

it('locked', () => {
  const s = finished();
  s.git('worktree', 'lock', '--reason', 'on a stick', s.tree);
  expectRefused(s, 'locked', 'work.txt', 'work\n');
});

it('disappeared: its directory is somewhere else now, and its record stays', () => {
  const s = finished();
  renameSync(s.tree, `${s.tree}-moved`);
  const report = s.clean({ task: 'task', force: true });
  expect(report.outcome).toEqual({ verdict: 'refused', reason: 'disappeared' });
  expect(existsSync(join(`${s.tree}-moved`, 'work.txt'))).toBe(true);
  expect(s.git('worktree', 'list')).toContain(s.tree);
});

it('identity-changed: a link, or another repository, in its place', () => {
  const s = finished();
  renameSync(s.tree, `${s.tree}-moved`);
  symlinkSync(`${s.tree}-moved`, s.tree);
  const named = { task: 'task', force: true };
  expect(s.clean(named).outcome).toEqual({ verdict: 'refused', reason: 'identity-changed' });
  expect(existsSync(join(`${s.tree}-moved`, 'work.txt'))).toBe(true);
  unlinkSync(s.tree);
  s.git('clone', '--quiet', s.main, s.tree);
  expect(s.clean(named).outcome).toEqual({ verdict: 'refused', reason: 'identity-changed' });
  expect(existsSync(join(s.tree, 'work.txt'))).toBe(true);
});

it('identity-changed: another worktree of the same repository in its place', () => {
  const s = finished();
  const other = join(s.root, 'other');
  s.git('worktree', 'add', '--quiet', '-b', 'other', other, 'task');
  s.commitMain('more.txt', 'more\n');
  s.git('-C', other, 'merge', '--quiet', '--no-edit', 'main');
  renameSync(s.tree, `${s.tree}-moved`);
  renameSync(other, s.tree);
  renameSync(`${s.tree}-moved`, other);
  for (const task of [s.tree, other]) {
    const { outcome } = s.clean({ task });
    expect(outcome).toEqual({ verdict: 'refused', reason: 'identity-changed' });
  }
});

it('in-use-cwd: another process works in a folder of it', async () => {
  const s = finished();
  mkdirSync(join(s.tree, 'node_modules'));
  const other = spawn('sleep', ['60'], { cwd: join(s.tree, 'node_modules'), stdio: 'ignore' });
  onTestFinished(() => {
    other.kill('SIGKILL');
  });
  await once(other, 'spawn');
  expectRefused(s, 'in-use-cwd', 'work.txt', 'work\n');
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(s.clean().outcome).toEqual({ verdict: 'would_delete' });
});

it('self: the caller, or a process above it, works in it', () => {
  const s = finished();
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(s.tree);
  expectRefused(s, 'self', 'work.txt', 'work\n');
});

it('live: a session is recorded in it, and its agent process is there', () => {
  const s = finished();
  record(s, stampOfPid());
  expectRefused(s, 'live', 'work.txt', 'work\n');
  record(s, endedStamp());
  expect(s.clean().outcome, 'that process is gone').toEqual({ verdict: 'would_delete' });
});

it('live: the owner of an unfinished build that counts it as its checkout', () => {
  const s = finished();
  const agent = stampOfPid();
  build(s, stampOf({ agent, machine: machineId() }));
  expectRefused(s, 'live', 'work.txt', 'work\n');
  build(s, null);
  expect(s.clean().outcome, 'it was released').toEqual({ verdict: 'would_delete' });
});

it('liveness-uncertain: an agent that is not known, or of another machine', () => {
  const s = finished();
  record(s, null);
  expectRefused(s, 'liveness-uncertain', 'work.txt', 'work\n');
  record(s, { pid: 1, start: 'boot:1' }, 'another machine');
  expectRefused(s, 'liveness-uncertain', 'work.txt', 'work\n');
});

it("liveness-uncertain: a session in Codex's shared daemon, as long as that lives", () => {
  const s = finished();
  record(s, null, machineId(), { daemon: stampOfPid() });
  expectRefused(s, 'liveness-uncertain', 'work.txt', 'work\n');
  record(s, null, machineId(), { daemon: endedStamp() });
  expect(s.clean().outcome).toEqual({ verdict: 'would_delete' });
});

it('live: a session that began in it and has its directory elsewhere by now', () => {
  const s = finished();
  const agent = stampOfPid();
  record(s, agent, machineId(), { cwd: '/', worktree: s.tree });
  expectRefused(s, 'live', 'work.txt', 'work\n');
});

it('liveness-uncertain: a session or a build of another container, which may show it elsewhere', () => {
  const s = finished();
  const agent = { ...endedStamp(), namespace: '4026532177:66443' };
  record(s, agent, machineId(), { cwd: `/workspaces/${basename(s.tree)}/src` });
  expectRefused(s, 'liveness-uncertain', 'work.txt', 'work\n');
  record(s, agent, machineId(), { cwd: '/workspaces/another' });
  expect(s.clean().outcome).toEqual({ verdict: 'would_delete' });
  const owner = stampOf({ agent, machine: machineId() });
  build(s, owner, [`/workspaces/${basename(s.tree)}`]);
  expectRefused(s, 'liveness-uncertain', 'work.txt', 'work\n');
});

it('liveness-uncertain: a record that cannot be read, which stays where it is', () => {
  const s = finished();
  mkdirSync(s.paths.sessions, { recursive: true });
  writeFileSync(s.paths.session('torn'), '{ "sche');
  expectRefused(s, 'liveness-uncertain', 'work.txt', 'work\n');
  expect(readFileSync(s.paths.session('torn'), 'utf8')).toBe('{ "sche');
});

it.each([
  ['a rebase', (s: Scene) => conflict(s, 'rebase', 'main')],
  ['a merge', (s: Scene) => conflict(s, 'merge', 'main')],
  ['a cherry-pick', (s: Scene) => conflict(s, 'cherry-pick', 'main')],
  ['a bisect', (s: Scene) => s.there('bisect', 'start')],
])('op-in-progress: %s', (_, begin) => {
  const s = finished();
  begin(s);
  expectRefused(s, 'op-in-progress', 'work.txt', readFileSync(join(s.tree, 'work.txt'), 'utf8'));
});

it('op-in-progress: a rebase that waits with a clean tree', () => {
  const s = finished();
  s.commit('two.txt', 'two\n');
  s.there('-c', 'sequence.editor=sed -i 1ibreak', 'rebase', '--quiet', '-i', 'HEAD~1');
  expect(s.there('status', '--porcelain')).toBe('');
  expectRefused(s, 'op-in-progress', 'work.txt', 'work\n');
});

it('op-in-progress: the lock of a git that is at work', () => {
  const s = finished();
  writeFileSync(join(s.there('rev-parse', '--absolute-git-dir'), 'index.lock'), '');
  expectRefused(s, 'op-in-progress', 'work.txt', 'work\n');
});

it.each([
  ['modified', (s: Scene) => s.write('work.txt', 'edited\n')],
  ['staged', (s: Scene) => [s.write('work.txt', 'edited\n'), s.there('add', '.')]],
  [
    'renamed',
    (s: Scene) => [s.there('mv', 'base.txt', 'other name.txt'), s.write('work.txt', 'edited\n')],
  ],
])('dirty: %s', (_, change) => {
  const s = finished();
  change(s);
  expectRefused(s, 'dirty', 'work.txt', 'edited\n');
});

it('untracked, whatever status.showUntrackedFiles says', () => {
  const s = finished();
  s.git('config', 'status.showUntrackedFiles', 'no');
  s.write('notes on it.txt', 'notes\n');
  expectRefused(s, 'untracked', 'notes on it.txt', 'notes\n');
});

it('untracked: a file whose name holds a newline', () => {
  const s = finished();
  s.write('a\nb', 'x');
  expectRefused(s, 'untracked', 'a\nb', 'x');
});

it.each(['.env', 'secrets.env', 'run.log'])('ignored-precious: %s', (name) => {
  const s = finished();
  s.git('config', 'core.excludesFile', join(s.root, 'ignore'));
  writeFileSync(join(s.root, 'ignore'), '.env\n');
  s.write(name, 'precious\n');
  expectRefused(s, 'ignored-precious', name, 'precious\n');
});

it('ignored, and made again: node_modules, dist, a link in their place', () => {
  const s = finished();
  mkdirSync(join(s.tree, 'dist/deep'), { recursive: true });
  writeFileSync(join(s.tree, 'dist/deep/out.js'), '');
  mkdirSync(join(s.root, 'shared'));
  writeFileSync(join(s.root, 'shared/kept.js'), 'kept');
  appendFileSync(
    join(s.there('rev-parse', '--path-format=absolute', '--git-path', 'info/exclude')),
    'node_modules\n',
  );
  symlinkSync(join(s.root, 'shared'), join(s.tree, 'node_modules'));
  expect(s.clean({ force: true }).outcome).toEqual({ verdict: 'deleted' });
  expect(readFileSync(join(s.root, 'shared/kept.js'), 'utf8')).toBe('kept');
});

it.each(['--assume-unchanged', '--skip-worktree'])('hidden-edits: %s', (flag) => {
  const s = finished();
  s.there('update-index', flag, 'work.txt');
  s.write('work.txt', 'hidden\n');
  expect(s.there('status', '--porcelain')).toBe('');
  expectRefused(s, 'hidden-edits', 'work.txt', 'hidden\n');
});

it('nested-repo: in an ignored folder, where status does not look', () => {
  const s = finished();
  mkdirSync(join(s.tree, 'node_modules/linked'), { recursive: true });
  s.there('init', '--quiet', 'node_modules/linked');
  s.write('node_modules/linked/code.txt', 'code\n');
  expectRefused(s, 'nested-repo', 'node_modules/linked/code.txt', 'code\n');
});

it('nested-repo: a bare one', () => {
  const s = finished();
  mkdirSync(join(s.tree, 'dist'));
  s.there('init', '--quiet', '--bare', 'dist/cache');
  expectRefused(s, 'nested-repo', 'dist/cache/HEAD', 'ref: refs/heads/master\n');
});

it('nested-repo: another worktree of the same repository', () => {
  const s = finished();
  s.git('worktree', 'add', '--quiet', '-b', 'inner', join(s.tree, 'dist/inner'));
  writeFileSync(join(s.tree, 'dist/inner/new.txt'), 'new\n');
  expectRefused(s, 'nested-repo', 'dist/inner/new.txt', 'new\n');
});

it('submodule: an initialised one', () => {
  const s = finished();
  s.git('init', '--quiet', '-b', 'main', join(s.root, 'lib'));
  s.git('-C', join(s.root, 'lib'), 'commit', '--quiet', '--allow-empty', '-m', 'lib');
  s.there(
    '-c',
    'protocol.file.allow=always',
    'submodule',
    '--quiet',
    'add',
    join(s.root, 'lib'),
    'lib',
  );
  s.there('commit', '--quiet', '-m', 'with a submodule');
  s.git('merge', '--quiet', '--no-edit', 'task');
  expectRefused(s, 'submodule', 'work.txt', 'work\n');
  s.there('submodule', '--quiet', 'deinit', '--force', 'lib');
  expectRefused(s, 'submodule', 'work.txt', 'work\n');
});

it('detached-unreachable: commits that only this HEAD holds', () => {
  const s = finished();
  s.there('switch', '--quiet', '--detach');
  const lost = s.commit('lost.txt', 'lost\n');
  expectRefused(s, 'detached-unreachable', 'lost.txt', 'lost\n');
  s.git('tag', 'kept', lost);
  expect(s.clean({ task: s.tree }).outcome, 'held by a tag, but not merged').toEqual({
    verdict: 'refused',
    reason: 'unmerged',
  });
});

it('detached-unreachable: a ref that belongs to the worktree alone', () => {
  const s = finished();
  const tree = s.there('rev-parse', 'HEAD^{tree}');
  s.there('update-ref', 'refs/worktree/kept', s.there('commit-tree', tree, '-m', 'kept'));
  expectRefused(s, 'detached-unreachable', 'work.txt', 'work\n');
});

it('reports the stash of its branch, which stays', () => {
  const s = finished();
  s.write('work.txt', 'stashed\n');
  s.there('stash', 'push', '--quiet', '-m', 'for later');
  const report = s.clean({ force: true });
  expect(report.outcome).toEqual({ verdict: 'deleted' });
  expect(report.evidence.find(({ step }) => step === 10)?.what).toContain('On task: for later');
  expect(s.git('stash', 'show', '-p')).toContain('stashed');
});

it('refuses while git gives no answer', () => {
  const s = finished();
  const bin = join(s.root, 'bin');
  mkdirSync(bin);
  const git = [
    '#!/bin/sh',
    'case " $* " in *" status "*) kill -9 $$;; esac',
    `exec ${gitPath()} "$@"`,
  ];
  writeFileSync(join(bin, 'git'), `${git.join('\n')}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const report = s.clean({ force: true });
  expect(report.outcome).toEqual({ verdict: 'refused', reason: 'dirty' });
  expect(report.why).toContain('cannot tell');
  expect(existsSync(join(s.tree, 'work.txt'))).toBe(true);
});

it('takes git at its word only about the repository it stands in', () => {
  const s = finished();
  const other = finished();
  vi.stubEnv('GIT_DIR', join(other.main, '.git'));
  vi.stubEnv('GIT_WORK_TREE', other.main);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  s.write('new.txt', 'new\n');
  const report = s.clean({ force: true });
  expect(report.outcome).toEqual({ verdict: 'refused', reason: 'untracked' });
});

function gitPath(): string {
  const dirs = (process.env.PATH ?? '').split(':');
  return dirs.map((dir) => join(dir, 'git')).find((path) => existsSync(path)) ?? 'git';
}

function conflict(s: Scene, ...command: string[]): void {
  s.commit('both.txt', 'task\n');
  s.commitMain('both.txt', 'main\n');
  expect(() => s.there(...command)).toThrow();
}

function record(s: Scene, agent: object | null, machine = machineId(), more = {}): void {
  const at = '2026-01-01T00:00:00.000Z';
  mkdirSync(s.paths.sessions, { recursive: true });
  writeFileSync(
    s.paths.session('a'),
    JSON.stringify({
      ...{ schema: 1, host: 'claude', sessionId: 'a', agent, pane: null, machine, cwd: s.tree },
      ...{ transcript: null, status: 'live', startedAt: at, source: null, lastActivityAt: at },
      ...{ lastEvent: 'Stop', compactingSince: null, endedAt: null, endReason: null },
      ...more,
    }),
  );
}

function build(
  s: Scene,
  owner: ReturnType<typeof stampOf> | null,
  checkouts = [s.tree, s.main],
): void {
  const state = buildOf({ id: 'task-a1b2c3', checkouts, owner });
  mkdirSync(s.paths.builds, { recursive: true });
  writeFileSync(s.paths.build(state.id), JSON.stringify(state));
}
