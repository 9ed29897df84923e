import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch } from './scratch.ts';

/** Runs git as the person of this scratch machine, and returns what it prints. */
export function gitIn(place: Scratch, cwd: string, ...args: string[]): string {
  const env = { ...place.env, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** Makes the project a repository with one commit. */
export function makeRepository(place: Scratch, dir = place.project): void {
  gitIn(place, place.root, 'config', '--global', 'user.name', 'a');
  gitIn(place, place.root, 'config', '--global', 'user.email', 'a@b');
  gitIn(place, dir, 'init', '--quiet', '-b', 'main');
  commitFile(place, dir, 'base.txt', 'base\n');
}

export function commitFile(place: Scratch, dir: string, name: string, text: string): void {
  writeFileSync(join(dir, name), text);
  gitIn(place, dir, 'add', '--', name);
  gitIn(place, dir, 'commit', '--quiet', '-m', `change ${name}`);
}
