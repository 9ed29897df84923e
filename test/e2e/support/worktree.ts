import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Scratch } from './scratch.ts';

/** Runs git as the person of this machine, and returns what it prints. */
export async function git(place: Scratch, cwd: string, ...args: string[]): Promise<string> {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  const { env } = place;
  return (await execa('git', [...who, ...args], { cwd, env, extendEnv: false })).stdout;
}

/** Makes the project a repository, with a worktree on branch `greeting` whose work is merged; returns where that is. */
export async function finishedWorktree(place: Scratch): Promise<string> {
  const tree = join(place.root, 'project.worktrees', 'greeting');
  await git(place, place.project, 'init', '--quiet', '-b', 'main');
  await git(place, place.project, 'commit', '--quiet', '--allow-empty', '-m', 'start');
  await git(place, place.project, 'worktree', 'add', '--quiet', '-b', 'greeting', tree);
  writeFileSync(join(tree, 'greeting.txt'), 'Hello\n');
  await git(place, tree, 'add', '.');
  await git(place, tree, 'commit', '--quiet', '-m', 'greeting');
  await git(place, place.project, 'merge', '--quiet', '--no-ff', '--no-edit', 'greeting');
  return tree;
}
