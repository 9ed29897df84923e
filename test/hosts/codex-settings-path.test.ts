import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { codexHooksPath } from '../../src/hosts/codex/settings-path.ts';

it.each([
  [{ HOME: '/home/me' }, '/home/me/.codex/hooks.json'],
  [{ HOME: '/home/me', CODEX_HOME: '/else where' }, '/else where/hooks.json'],
  [{ HOME: '/home/me', CODEX_HOME: '' }, '/home/me/.codex/hooks.json'],
])('user scope with %j: %s', (env, path) => {
  expect(codexHooksPath('user', '/project', env)).toBe(path);
});

it('has no local scope', () => {
  expect(() => codexHooksPath('local', '/project', {})).toThrow(
    expect.objectContaining({ code: 'no-such-scope', hint: expect.stringContaining('--scope') }),
  );
});

it('takes the file of the main checkout for a linked worktree, and of everything else its own', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sg path-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, env: gitEnv });
  const [main, linked, bare, ofBare, submodule, plain] = [
    'main',
    'linked',
    'bare.git',
    'of-bare',
    'sub',
    'plain',
  ].map((name) => join(root, name)) as [string, string, string, string, string, string];
  git(root, 'init', '-q', main);
  git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
  git(main, 'worktree', 'add', '-q', linked);
  git(root, 'clone', '-q', '--bare', main, bare);
  git(bare, 'worktree', 'add', '-q', ofBare);
  for (const dir of [submodule, plain]) mkdirSync(dir);
  git(root, 'init', '-q', '--separate-git-dir', join(root, 'modules'), submodule);
  writeFileSync(join(plain, '.git'), 'no pointer');

  const owner = (project: string) => codexHooksPath('project', project, {});
  expect(owner(main)).toBe(join(main, '.codex/hooks.json'));
  expect(owner(linked)).toBe(join(main, '.codex/hooks.json'));
  for (const own of [ofBare, submodule, plain, root]) {
    expect(owner(own)).toBe(join(own, '.codex/hooks.json'));
  }
});

const gitEnv = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};
