import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkoutOf, isInCheckout } from '../../src/owner/checkout.ts';

/**
 * repo/ (main tree), repo/src/deep, repo/trees/linked (worktree inside), repo/vendor/nested (a repository of its own),
 * tree (worktree outside), repo-2 (a neighbour whose name starts the same), plain/sub (no git), link -> repo/src.
 */
const root = realpathSync(mkdtempSync(join(tmpdir(), 'stopgate-checkout-')));
const at = (path: string) => join(root, path);
const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: at(cwd),
    stdio: 'ignore',
    env: { PATH: process.env.PATH, HOME: root },
  });

beforeAll(() => {
  for (const path of [
    'repo/src/deep',
    'repo/..odd',
    'repo/vendor/nested/in',
    'repo-2/src',
    'plain/sub/in',
  ]) {
    mkdirSync(at(path), { recursive: true });
  }
  for (const path of ['repo', 'repo-2', 'repo/vendor/nested']) git(path, 'init', '-q');
  git('repo', 'commit', '-q', '--allow-empty', '-m', 'first');
  git('repo', 'worktree', 'add', '-q', at('repo/trees/linked'));
  git('repo', 'worktree', 'add', '-q', at('tree'));
  mkdirSync(at('tree/src'));
  symlinkSync(at('repo/src'), at('link'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

it.each([
  ['repo', 'repo'],
  ['repo/src/deep', 'repo'],
  ['repo/trees/linked', 'repo/trees/linked'],
  ['repo/trees', 'repo'],
  ['repo/vendor/nested/in', 'repo/vendor/nested'],
  ['tree/src', 'tree'],
  ['link/deep', 'repo'],
  ['plain/sub', 'plain/sub'],
  ['repo/src/gone', 'repo'],
])('the checkout of %s is %s', (cwd, expected) => {
  expect(checkoutOf(at(cwd))).toBe(at(expected));
});

it.each([
  ['repo', ['repo'], true],
  ['repo/src/deep', ['repo'], true],
  ['link', ['repo'], true],
  ['repo/..odd', ['repo'], true],
  ['repo/src/gone', ['repo'], true],
  ['repo/trees/linked', ['repo'], false],
  ['repo/vendor/nested/in', ['repo'], false],
  ['repo/vendor/nested', ['repo/vendor/nested'], true],
  ['repo-2/src', ['repo'], false],
  ['tree/src', ['repo'], false],
  ['tree/src', ['repo', 'tree'], true],
  ['.', ['repo'], false],
  ['plain/sub/in', ['plain'], true],
  ['plain', ['plain/sub'], false],
  ['repo', [], false],
])('%s is in the checkout of %j: %s', (cwd, roots, expected) => {
  expect(isInCheckout(at(cwd), roots.map(at))).toBe(expected);
});

it('a repository inside a folder where a build was started without one is another checkout', () => {
  expect(isInCheckout(at('repo-2'), [root])).toBe(false);
  expect(isInCheckout(at('plain/sub'), [root])).toBe(true);
});
