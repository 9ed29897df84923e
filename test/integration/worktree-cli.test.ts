import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { commitFile, gitIn, makeRepository } from '../support/repository.ts';
import type { Scratch } from '../support/scratch.ts';
import { readState } from '../support/state-files.ts';
import { digest } from '../worktree/scene.ts';

function project(name?: string): Scratch {
  const place = scratch(name);
  makeRepository(place);
  return place;
}

/** Runs the CLI as a person in a plain shell does. */
function stopgate(place: Scratch, cwd: string, ...args: string[]) {
  const { env } = place;
  return execa('stopgate', args, { cwd, env, extendEnv: false, reject: false, stdin: 'ignore' });
}

/** An agent starts a build in a worktree; returns where that is. */
async function started(place: Scratch, ...flags: string[]): Promise<string> {
  const ran = await host(place, 'session-a').tool(
    ['stopgate', 'build', 'start', "'Port the parser'", ...flags, '--worktree'].join(' '),
  );
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
  return readState(place).checkouts[0] ?? '';
}

/** As {@link started}, with a commit of its own that is merged by now. */
async function merged(place: Scratch): Promise<{ path: string; id: string }> {
  const path = await started(place);
  const { id } = readState(place);
  commitFile(place, path, 'work.txt', 'work\n');
  gitIn(place, place.project, 'merge', '--quiet', '--no-ff', '--no-edit', id);
  return { path, id };
}

describe('build start --worktree', () => {
  it('makes a worktree beside the repository, with its base written down, and says how to go on', async () => {
    const place = project();
    const ran = await host(place, 'session-a').tool(
      "stopgate build start 'Port the parser' --worktree feature/parser",
    );
    const build = readState(place);
    const path = join(place.home, 'project.worktrees/feature-parser');
    const base = gitIn(place, place.project, 'rev-parse', 'main');
    expect(build).toMatchObject({ checkouts: [path, place.project], head: base });
    expect(ran.stdout).toContain(`worktree ${path} on branch feature/parser, from main at`);
    expect(ran.stdout).toContain(`cd ${path}\n`);
    expect(ran.stdout).toContain(`stopgate worktree cleanup ${build.id}\n`);
    const mark = join(gitIn(place, path, 'rev-parse', '--absolute-git-dir'), 'stopgate.json');
    expect(JSON.parse(readFileSync(mark, 'utf8'))).toMatchObject({
      build: build.id,
      branch: 'feature/parser',
      base,
      from: 'refs/heads/main',
    });
    expect(gitIn(place, path, 'status', '--porcelain')).toBe('');
    expect(gitIn(place, place.project, 'status', '--porcelain')).toBe('');
  });

  it('names the branch as the build, and runs the checks there', async () => {
    const place = project();
    const path = await started(place, '--check', "'test -f done.txt'");
    const { id } = readState(place);
    expect(path).toBe(join(place.home, `project.worktrees/${id}`));
    expect(gitIn(place, path, 'branch', '--show-current')).toBe(id);
    const agent = host(place, 'session-a');
    expect(await agent.tool('stopgate build complete')).toMatchObject({ code: 1 });
    commitFile(place, path, 'done.txt', '');
    expect(await agent.tool('stopgate build complete')).toMatchObject({ code: 0 });
  });

  it.each([
    ['a branch that is there', '--worktree main', 'branch main already'],
    ['no name of a branch', "--worktree 'a b'", 'cannot be the name'],
    ['an option of git', '--worktree=--detach', 'cannot be the name'],
    ['the branch before the last', '--worktree=@{-1}', 'cannot be the name'],
  ])('refuses %s, and leaves nothing', async (_, flags, message) => {
    const place = project();
    const ran = await host(place, 'session-a').tool(`stopgate build start x ${flags}`);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(message);
    expect(existsSync(join(place.home, 'project.worktrees'))).toBe(false);
    expect(existsSync(place.paths.builds)).toBe(false);
  });

  it('leaves nothing when a file cannot be checked out', async () => {
    const place = project();
    commitFile(place, place.project, 'lost.txt', 'lost\n');
    const blob = gitIn(place, place.project, 'rev-parse', 'HEAD:lost.txt');
    rmSync(join(place.project, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    const ran = await host(place, 'session-a').tool('stopgate build start x --worktree other');
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(blob) });
    expect(gitIn(place, place.project, 'branch', '--list', 'other')).toBe('');
    expect(gitIn(place, place.project, 'worktree', 'list').split('\n')).toHaveLength(1);
    expect(existsSync(join(place.home, 'project.worktrees'))).toBe(false);
    expect(existsSync(place.paths.builds)).toBe(false);
  });

  it('has a place of its own for branches in any script', async () => {
    const place = project();
    for (const [session, branch] of [
      ['session-a', '功能/解析'],
      ['session-b', '修复'],
    ] as const) {
      const flags = `--worktree ${branch}`;
      const ran = await host(place, session).tool(`stopgate build start x ${flags}`);
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
    }
    expect(readdirSync(join(place.home, 'project.worktrees'))).toHaveLength(2);
  });

  it('refuses where there is no repository', async () => {
    const place = scratch();
    const ran = await host(place, 'session-a').tool('stopgate build start x --worktree');
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('in no git repository') });
  });

  it('refuses a second build of the same owner before it makes anything', async () => {
    const place = project();
    await started(place);
    const again = await host(place, 'session-a').tool('stopgate build start x --worktree other');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already has') });
    expect(gitIn(place, place.project, 'branch', '--list', 'other')).toBe('');
  });
});

describe('worktree cleanup', () => {
  it('reports, then removes what is finished, by the id of its build', async () => {
    const place = project("it's a home");
    const { path, id } = await merged(place);

    const open = await stopgate(place, place.project, 'worktree', 'cleanup', id, '--force');
    expect(open, 'its owner lives').toMatchObject({ exitCode: 1 });
    expect(open.stdout).toContain('refused(live)');
    await host(place, 'session-a').tool('stopgate build complete');

    const report = await stopgate(place, place.project, 'worktree', 'cleanup', id);
    expect(report).toMatchObject({ exitCode: 0, stderr: '' });
    expect(report.stdout).toContain('integrated: main holds it');
    expect(report.stdout).toContain('summary: deleted=0 would_delete=1 kept=0 refused=0');
    const dry = await stopgate(
      place,
      place.project,
      'worktree',
      'cleanup',
      id,
      '--force',
      '--dry-run',
    );
    expect(dry).toMatchObject({ exitCode: 0 });
    expect(existsSync(path)).toBe(true);

    const done = await stopgate(
      place,
      place.project,
      'worktree',
      'cleanup',
      id,
      '--force',
      '--branch',
    );
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toContain('summary: deleted=2 would_delete=0 kept=0 refused=0');
    expect(existsSync(join(place.home, 'project.worktrees'))).toBe(false);
    expect(gitIn(place, place.project, 'branch', '--list', id)).toBe('');
  });

  it('refuses with exit code 1, for a program as well', async () => {
    const place = project();
    const path = await started(place);
    await host(place, 'session-a').tool('stopgate build complete');
    const ran = await stopgate(place, place.project, 'worktree', 'cleanup', '--json');
    expect(ran.exitCode).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      repository: place.project,
      dryRun: true,
      worktrees: [{ path, verdict: 'refused', reason: 'fresh-no-commits', branchOutcome: null }],
      summary: { deleted: 0, would_delete: 0, kept: 0, refused: 1 },
    });
  });

  it('removes nothing unasked where nobody can be asked', async () => {
    const place = project();
    const { path, id } = await merged(place);
    await host(place, 'session-a').tool('stopgate build complete');
    const clean = (...flags: string[]) =>
      stopgate(place, place.project, 'worktree', 'cleanup', id, ...flags);
    const before = digest(place.home);
    for (const flags of [
      ['--ask', '--force'],
      ['--ask', '--force', '--branch', '--json'],
    ]) {
      const ran = await clean(...flags);
      expect(ran).toMatchObject({ exitCode: 1, stdout: '' });
      expect(ran.stderr).toContain(`stopgate worktree cleanup --force ${id}`);
    }
    expect(await clean('--ask', '--force', '--dry-run')).toMatchObject({ exitCode: 0 });
    expect(digest(place.home)).toBe(before);
    expect(await clean('--force')).toMatchObject({ exitCode: 0 });
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['outside a repository', '/', ['worktree', 'cleanup'], 1],
    ['with a task that is not there', null, ['worktree', 'cleanup', 'nothing'], 1],
    ['with an option that is not there', null, ['worktree', 'cleanup', '--delete'], 2],
  ])('ends %s', async (_, cwd, args, code) => {
    const place = project();
    expect(await stopgate(place, cwd ?? place.project, ...args)).toMatchObject({ exitCode: code });
  });
});

it('writes nothing at all without --force, and with --dry-run', async () => {
  const place = project();
  const path = await started(place);
  const { id } = readState(place);
  commitFile(place, path, 'work.txt', 'one\n');
  commitFile(place, path, 'work.txt', 'two\n');
  gitIn(place, place.project, 'merge', '--quiet', '--squash', id);
  commitFile(place, place.project, 'work.txt', 'two\n');
  await host(place, 'session-a').tool('stopgate build complete');
  const before = digest(place.home);
  for (const flags of [
    [],
    ['--branch'],
    ['--force', '--dry-run', '--branch'],
    ['--json'],
    ['--ask'],
  ]) {
    const ran = await stopgate(place, place.project, 'worktree', 'cleanup', id, ...flags);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    await stopgate(place, path, 'worktree', 'cleanup', ...flags);
  }
  expect(digest(place.home)).toBe(before);
});

describe('inside a worktree, outside tmux', () => {
  it('removes nothing and says what to type elsewhere, to the letter', async () => {
    const place = project("it's a home");
    const { path, id } = await merged(place);
    await host(place, 'session-a').tool('stopgate build complete');
    mkdirSync(join(path, 'dist'));

    const ran = await stopgate(place, join(path, 'dist'), 'worktree', 'cleanup', '--force');
    expect(ran).toMatchObject({ exitCode: 1 });
    const steps = ran.stderr.split('In a terminal outside the worktree:\n')[1] ?? '';
    expect(steps).toContain(`stopgate worktree cleanup --force ${id}`);
    const typed = await execa('/bin/sh', ['-e', '-c', steps], {
      cwd: place.root,
      env: place.env,
      extendEnv: false,
      reject: false,
    });
    expect(typed, 'an untracked, empty folder is nothing').toMatchObject({ exitCode: 0 });
    expect(existsSync(path)).toBe(false);
  });

  it('says so when it was moved by hand, and what makes git know it again', async () => {
    const place = project();
    const { path, id } = await merged(place);
    await host(place, 'session-a').tool('stopgate build complete');
    const moved = join(place.home, 'moved');
    renameSync(path, moved);
    const ran = await stopgate(place, moved, 'worktree', 'cleanup');
    expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`it at ${path}.`) });
    gitIn(place, moved, 'worktree', 'repair');
    const found = await stopgate(place, place.project, 'worktree', 'cleanup', id);
    expect(found).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('would_delete') });
  });

  it('works where the repository lies apart from its main working tree', async () => {
    const place = project();
    const apart = join(place.home, 'apart.git');
    gitIn(place, place.project, 'init', '--quiet', '--separate-git-dir', apart);
    const tree = join(place.home, 'tree');
    gitIn(place, place.project, 'worktree', 'add', '--quiet', '-b', 'task', tree);
    commitFile(place, tree, 'work.txt', 'work\n');
    gitIn(place, place.project, 'merge', '--quiet', '--no-ff', '--no-edit', 'task');
    const ran = await stopgate(place, tree, 'worktree', 'cleanup');
    const [, steps = ''] = ran.stderr.split('In a terminal outside the worktree:\n');
    const typed = await execa('/bin/sh', ['-e', '-c', steps], { env: place.env, cwd: place.root });
    expect(typed.stdout).toContain(`deleted  ${tree}`);
  });

  it('reports on itself for a program', async () => {
    const place = project();
    const path = await started(place);
    const ran = await stopgate(place, path, 'worktree', 'cleanup', '--json');
    expect(ran.exitCode).toBe(1);
    expect(JSON.parse(ran.stdout).worktrees).toMatchObject([{ path, reason: 'self' }]);
  });

  it('still cleans up another one that is named', async () => {
    const place = project();
    const path = await started(place);
    gitIn(
      place,
      place.project,
      'worktree',
      'add',
      '--quiet',
      '-b',
      'other',
      join(place.home, 'other'),
    );
    commitFile(place, join(place.home, 'other'), 'work.txt', 'work\n');
    gitIn(place, place.project, 'merge', '--quiet', '--no-ff', '--no-edit', 'other');
    const ran = await stopgate(place, path, 'worktree', 'cleanup', '--force', 'other');
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(place.home, 'other'))).toBe(false);
  });
});

it('takes a submodule, whose .git is a file as well, for a repository of its own', async () => {
  const place = project();
  const lib = join(place.root, 'lib');
  mkdirSync(lib);
  makeRepository(place, lib);
  gitIn(
    place,
    place.project,
    '-c',
    'protocol.file.allow=always',
    'submodule',
    '--quiet',
    'add',
    lib,
    'lib',
  );
  const ran = await stopgate(place, join(place.project, 'lib'), 'worktree', 'cleanup');
  expect(ran).toMatchObject({ exitCode: 0, stdout: 'there is no linked worktree here' });
});

describe('worktree spawn-cleanup', () => {
  it.each([
    ['no arguments', [], 1],
    ['one argument', ['task'], 1],
    ['one too many', ['task', '.', 'more'], 1],
    ['an unknown option', ['task', '.', '--force'], 1],
    ['an agent without its name', ['task', '.', '--agent'], 1],
    ['another agent', ['task', '.', '--agent', 'other'], 1],
    ['a task that is not there', ['nothing', '.'], 1],
    ['an empty task', ['', '.'], 1],
    ['no such folder', ['task', '/nowhere'], 2],
    ['an empty path', ['task', ''], 2],
    ['no repository', ['task', '/'], 2],
    ['a linked worktree', ['task', '../task'], 2],
    ['a folder inside', ['task', 'inside'], 2],
    ['no tmux', ['task', '.'], 3],
    ['help', ['--help'], 0],
  ])('with %s: %j gives exit code %i', async (_, args, code) => {
    const place = project();
    mkdirSync(join(place.project, 'inside'));
    gitIn(place, place.project, 'worktree', 'add', '--quiet', '-b', 'task', '../task');
    const ran = await stopgate(place, place.project, 'worktree', 'spawn-cleanup', ...args);
    expect(ran.exitCode, ran.stderr).toBe(code);
    if (code === 3) expect(ran.stderr).toContain('  stopgate worktree cleanup --force task');
  });
});
