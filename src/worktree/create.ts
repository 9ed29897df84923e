import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StopgateError } from '../errors.ts';
import { isOid, tell, tellIfAny } from './fact.ts';
import { git } from './git.ts';
import { writeMark } from './mark.ts';
import { gitDirOf, standing } from './where.ts';
import { shellWord } from './words.ts';

/** A worktree that was made for a build. */
export interface Created {
  path: string;
  branch: string;
  base: string;
  /** The full name of the branch that it was started from; `null` when HEAD was detached. */
  from: string | null;
  main: string;
}

/** Where a repository's worktrees go: beside it, so that no status and no search of it shows them. */
function placeFor(main: string, branch: string): string {
  const name = branch.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-').replace(/^[-.]+/, '') || 'worktree';
  return join(`${main}.worktrees`, name);
}

/** Removes the folder that held this repository's worktree at `path`, when it was made for that and is empty by now. */
export function dropPlace(path: string, main: string): void {
  const dir = dirname(path);
  if (dir !== join(dirname(main), `${basename(main)}.worktrees`)) return;
  try {
    rmdirSync(dir);
  } catch {
    // Something else is in it.
  }
}

/**
 * Makes a worktree with a new branch, at the commit that `cwd` is at, and leaves a mark with that commit in its git
 * directory. @throws StopgateError `no-repository`, `branch-name`, `branch-exists`, `place-taken`, `git-failed`.
 */
export function createWorktree(cwd: string, build: string, branch: string, at: string): Created {
  const where = standing(cwd);
  if (!where.known)
    throw refusal('no-repository', `${cwd} is in no git repository (${where.why}).`);
  const { main } = where.value;
  assertFree(cwd, branch);
  const path = placeFor(main, branch);
  if (existsSync(path)) {
    throw refusal('place-taken', `${path} is there already.`, 'Name another branch.');
  }
  const base = tell(cwd, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (!base.known || !isOid(base.value)) {
    throw refusal('no-commit', `${cwd} is at no commit yet.`, 'Make a first commit.');
  }
  const from = tellIfAny(cwd, ['symbolic-ref', '--quiet', 'HEAD']);
  const created = { path, branch, base: base.value, from: from.known ? from.value : null, main };
  // Git makes it only where there is none: from here on the branch is ours to take back, whoever else asks for it.
  const made = git(cwd, [
    'update-ref',
    '-m',
    'branch: Created by stopgate',
    `refs/heads/${branch}`,
    base.value,
    '',
  ]);
  if (made.kind !== 'ok') throw refusal('git-failed', made.why);
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const add = ['worktree', 'add', '--quiet', '--', path, branch];
  const added = git(cwd, add, { timeoutMs: ADD_MS });
  if (added.kind !== 'ok') {
    takeBack(created);
    throw refusal('git-failed', added.why, notMade(cwd, branch));
  }
  const gitDir = gitDirOf(path);
  if (!gitDir.known) throw refusal('git-failed', gitDir.why);
  const { from: ref } = created;
  writeMark(gitDir.value, { build, branch, base: base.value, from: ref, createdAt: at });
  return created;
}

/**
 * Takes back what {@link createWorktree} made, whole or in part, as far as nobody used it meanwhile. What has another
 * branch at `path` is somebody else's.
 */
export function takeBack({ main, path, branch, base }: Created): void {
  if (isOn(path, branch) && git(main, ['worktree', 'remove', path]).kind !== 'ok') return;
  git(main, ['update-ref', '-d', `refs/heads/${branch}`, base]);
  dropPlace(path, main);
}

function isOn(path: string, branch: string): boolean {
  if (!existsSync(path)) return false;
  const head = tellIfAny(path, ['symbolic-ref', '--quiet', 'HEAD']);
  return head.known && head.value === `refs/heads/${branch}`;
}

const ADD_MS = 10 * 60_000;

function assertFree(cwd: string, branch: string): void {
  const name = tell(cwd, ['check-ref-format', '--branch', branch]);
  if (!name.known || name.value !== branch || branch.startsWith('-')) {
    throw refusal('branch-name', `${JSON.stringify(branch)} cannot be the name of a branch.`);
  }
  const there = git(cwd, ['show-ref', '--verify', '--quiet', `refs/heads/${branch}`]);
  if (there.kind === 'no' && there.code === 1) return;
  if (there.kind !== 'ok') throw refusal('git-failed', there.why);
  throw refusal(
    'branch-exists',
    `There is a branch ${branch} already.`,
    'Name another one: --worktree <branch>',
  );
}

/** What a person can do where git made no worktree. */
function notMade(cwd: string, branch: string): string {
  const partial = tellIfAny(cwd, ['config', '--get', 'extensions.partialClone']);
  return partial.known && partial.value !== null
    ? `This is a partial clone, and nothing is fetched here. Make it yourself (git worktree add -b ${shellWord(branch)} …), and start the build in it.`
    : 'Mend that, or make it yourself with git worktree add, and start the build in it.';
}

function refusal(code: string, message: string, hint?: string): StopgateError {
  return new StopgateError(code, message, hint === undefined ? {} : { hint });
}
