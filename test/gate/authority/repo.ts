import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratchDir } from '../../build/scratch.ts';

/** Before and after the session of these tests began. */
export const BEFORE = new Date(Date.now() - 48 * 3600_000);
export const START = new Date(Date.now() - 3600_000);
export const DURING = new Date(Date.now() - 600_000);

/** A repository of its own, gone after the test. */
export interface Repo {
  dir: string;
  git(...args: string[]): string;
  /** Writes one file as if at that time. */
  write(path: string, text: string, at?: Date): void;
  /** Writes, adds and commits one file as if at that time; returns the commit. */
  commit(path: string, text?: string, at?: Date): string;
}

export function makeRepo(dir = scratchDir()): Repo {
  const repo = openRepo(dir);
  mkdirSync(dir, { recursive: true });
  repo.git('init', '-q', '-b', 'main');
  return repo;
}

/** One that is there already: a clone, a linked working tree. */
export function openRepo(dir: string): Repo {
  const run = (at: Date, args: readonly string[]) => runGit(dir, at, args);
  const repo: Repo = {
    dir,
    git: (...args) => run(DURING, args),
    write(path, text, at = DURING) {
      const file = join(dir, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      utimesSync(file, at, at);
    },
    commit(path, text = `${path}\n`, at = DURING) {
      repo.write(path, text, at);
      run(at, ['add', '--', path]);
      run(at, ['commit', '-q', '-m', `change ${path}`]);
      return repo.git('rev-parse', 'HEAD');
    },
  };
  return repo;
}

function runGit(cwd: string, at: Date, args: readonly string[]): string {
  const date = at.toISOString();
  const who = { NAME: 'a', EMAIL: 'a@example.com', DATE: date };
  const names = Object.entries(who).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: 'file',
    ...Object.fromEntries(names),
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}
