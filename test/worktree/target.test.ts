import { join } from 'node:path';
import { expect, it } from 'vitest';
import { targetsOf } from '../../src/worktree/integration/target.ts';
import { git, scratchDir } from '../build/scratch.ts';

/** A repository with one commit and these refs at it. */
function repository(...refs: string[]): string {
  const dir = join(scratchDir(), 'repo');
  git(join(dir, '..'), 'init', '--quiet', '-b', 'start', 'repo');
  git(dir, 'commit', '--quiet', '--allow-empty', '-m', 'start');
  for (const ref of refs) git(dir, 'update-ref', `refs/${ref}`, 'HEAD');
  return dir;
}

function targets(dir: string, input: Partial<Parameters<typeof targetsOf>[1]> = {}): string[] {
  const all = { branch: 'refs/heads/task', from: null, mainBranch: 'refs/heads/start', ...input };
  const found = targetsOf(dir, all);
  if (!found.known) throw new Error(found.why);
  return found.value.map((ref) => ref.replace('refs/', ''));
}

it('main and master, here and at the remote', () => {
  const dir = repository('heads/main', 'remotes/origin/main', 'heads/other');
  expect(targets(dir)).toEqual(['heads/main', 'remotes/origin/main']);
});

it('first the branch that the work started from', () => {
  const dir = repository('heads/main', 'heads/feature');
  expect(targets(dir, { from: 'refs/heads/feature' })).toEqual(['heads/feature', 'heads/main']);
});

it('not the one it started from when that is gone', () => {
  const dir = repository('heads/main');
  expect(targets(dir, { from: 'refs/heads/gone' })).toEqual(['heads/main']);
});

it('the default branch of any remote, and what a branch follows', () => {
  const dir = repository('heads/dev', 'remotes/upstream/dev', 'remotes/fork/dev');
  git(dir, 'symbolic-ref', 'refs/remotes/upstream/HEAD', 'refs/remotes/upstream/dev');
  git(dir, 'remote', 'add', 'fork', '/nowhere');
  git(dir, 'config', 'branch.dev.remote', 'fork');
  git(dir, 'config', 'branch.dev.merge', 'refs/heads/dev');
  git(dir, 'config', 'remote.fork.fetch', '+refs/heads/*:refs/remotes/fork/*');
  expect(targets(dir)).toEqual(['remotes/upstream/dev', 'heads/dev', 'remotes/fork/dev']);
});

it('the branch of the main working tree only where there is nothing firmer', () => {
  expect(targets(repository())).toEqual(['heads/start']);
  expect(targets(repository(), { mainBranch: null })).toEqual([]);
});

it('never the branch itself, nor where it was pushed', () => {
  const dir = repository('heads/task', 'remotes/origin/task', 'heads/main');
  git(dir, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/task');
  expect(targets(dir, { from: 'refs/heads/task' })).toEqual(['heads/main']);
  expect(targets(repository('heads/main'), { branch: 'refs/heads/main' })).toEqual(['heads/start']);
});
