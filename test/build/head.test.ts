import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { headOf } from '../../src/build/head.ts';
import { git, scratchDir } from './scratch.ts';

let commits = 0;
const commit = (cwd: string) => git(cwd, 'commit', '-q', '--allow-empty', '-m', `c${commits++}`);
const tip = (cwd: string) => git(cwd, 'rev-parse', 'HEAD');

function repository(): string {
  const dir = scratchDir();
  git(dir, 'init', '-q', '-b', 'main');
  return dir;
}

it('agrees with git: a branch, a new commit, packed refs, a commit on top of them, detached', () => {
  const repo = repository();
  const seen = new Set<string | null>();
  const agree = () => {
    expect(headOf(repo)).toBe(tip(repo));
    seen.add(headOf(repo));
  };
  for (const step of [
    () => commit(repo),
    () => commit(repo),
    () => git(repo, 'pack-refs', '--all'),
    () => commit(repo),
    () => git(repo, 'checkout', '-q', '--detach', 'HEAD~1'),
    () => git(repo, 'checkout', '-q', '-b', 'feat/a.b'),
    () => commit(repo),
  ]) {
    step();
    agree();
  }
  expect(seen.size).toBe(4);
});

it('agrees with git in a linked worktree, with its own branch, packed or not, and detached', () => {
  const repo = repository();
  commit(repo);
  const tree = join(repo, 'trees/t');
  git(repo, 'worktree', 'add', '-q', '-b', 't', tree);
  commit(tree);
  expect(headOf(tree)).toBe(tip(tree));
  expect(headOf(tree)).not.toBe(headOf(repo));
  git(repo, 'pack-refs', '--all');
  expect(headOf(tree)).toBe(tip(tree));
  git(tree, 'checkout', '-q', '--detach');
  expect(headOf(tree)).toBe(tip(tree));
});

it('agrees with git in a submodule, whose .git is a relative pointer', () => {
  const repo = repository();
  const inner = repository();
  commit(inner);
  git(repo, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'sub');
  expect(headOf(join(repo, 'sub'))).toBe(tip(inner));
});

it('a packed ref is not taken for one whose name ends the same', () => {
  const repo = repository();
  commit(repo);
  git(repo, 'branch', 'old/main');
  commit(repo);
  git(repo, 'branch', 'x-main');
  git(repo, 'pack-refs', '--all');
  expect(headOf(repo)).toBe(tip(repo));
});

it.each<[string, (repo: string) => void]>([
  ['an unborn branch', () => {}],
  ['no repository', (repo) => rmSync(join(repo, '.git'), { recursive: true })],
  ['a torn HEAD', (repo) => writeFileSync(join(repo, '.git/HEAD'), '')],
  [
    'another ref storage',
    (repo) => writeFileSync(join(repo, '.git/HEAD'), 'ref: refs/heads/.invalid\n'),
  ],
  ['a torn ref', (repo) => writeFileSync(join(repo, '.git/refs/heads/main'), 'abc\n')],
  [
    'a pointer to nowhere',
    (repo) => {
      rmSync(join(repo, '.git'), { recursive: true });
      writeFileSync(join(repo, '.git'), 'gitdir: ../gone\n');
    },
  ],
  [
    'a folder for HEAD',
    (repo) => {
      rmSync(join(repo, '.git/HEAD'));
      mkdirSync(join(repo, '.git/HEAD'));
    },
  ],
])('cannot be told: %s', (_name, spoil) => {
  const repo = repository();
  spoil(repo);
  expect(headOf(repo)).toBeNull();
});
