import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { switchedOff } from '../../src/git/programs.ts';
import { createWorktree } from '../../src/worktree/create.ts';
import { unfilteredNote } from '../../src/worktree/unfiltered.ts';
import { type Scene, scene } from './scene.ts';

const AT = '2026-01-01T00:00:00.000Z';

/** Has every program that git lets a repository name leave a mark, for files of any name. */
function trapped(s: Scene): { ran: () => boolean } {
  const mark = join(s.root, 'ran');
  const trap = join(s.root, 'trap');
  writeFileSync(trap, `#!/bin/sh\ntouch '${mark}'\nexec cat\n`, { mode: 0o755 });
  const gitDir = join(s.main, '.git');
  mkdirSync(join(gitDir, 'hooks'), { recursive: true });
  for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change'])
    writeFileSync(join(gitDir, 'hooks', hook), `#!/bin/sh\ntouch '${mark}'\n`, { mode: 0o755 });
  mkdirSync(join(gitDir, 'info'), { recursive: true });
  writeFileSync(join(gitDir, 'info/attributes'), '* filter=a.b\n*.txt filter=c\n');
  for (const key of ['filter.a.b.clean', 'filter.a.b.smudge', 'filter.c.process'])
    s.git('config', key, trap);
  for (const key of ['core.fsmonitor', 'gpg.program', 'core.pager', 'diff.external'])
    s.git('config', key, trap);
  for (const key of ['filter.a.b.required', 'filter.c.required', 'log.showSignature'])
    s.git('config', key, 'true');
  s.git('config', 'extensions.worktreeConfig', 'true');
  rmSync(mark, { force: true });
  return { ran: () => existsSync(mark) };
}

it('a new worktree starts no program that its repository names, and says which filter did not run', () => {
  const s = scene();
  const { ran } = trapped(s);
  const { path } = createWorktree(s.main, 'b-000000', 'other', AT);
  expect(ran()).toBe(false);
  expect(readFileSync(join(path, 'base.txt'), 'utf8')).toContain('line 1\n');
  const [what, how] = unfilteredNote(path);
  expect(what).toContain('2 of its files are as git keeps them');
  expect(what).toContain('filter a.b, c');
  expect(how).toContain(`git -C ${path} `);
  expect(ran()).toBe(false);
});

it('says nothing of filters where no file has one', () => {
  const s = scene();
  s.git('config', 'filter.lfs.smudge', 'false');
  const { path } = createWorktree(s.main, 'b-000000', 'other', AT);
  expect(unfilteredNote(path)).toEqual([]);
});

it('the command that it names runs the filter', () => {
  const s = scene();
  s.git('config', 'filter.shout.smudge', 'tr a-z A-Z');
  s.git('config', 'filter.shout.clean', 'tr A-Z a-z');
  writeFileSync(join(s.main, '.git/info/attributes'), 'base.txt filter=shout\n');
  const { path } = createWorktree(s.main, 'b-000000', 'other', AT);
  expect(unfilteredNote(path)[0]).toContain('1 of its files');
  s.git('-C', path, 'rm', '-r', '-q', '--cached', '.');
  s.git('-C', path, 'reset', '-q', '--hard');
  expect(readFileSync(join(path, 'base.txt'), 'utf8')).toContain('LINE 1\n');
});

it('a cleanup starts none of them either, nor those of the worktree itself', () => {
  const s = scene();
  s.commit('work.txt', 'work\n');
  s.git('merge', '--quiet', '--no-ff', '--no-edit', 'task');
  const { ran } = trapped(s);
  s.there('config', '--worktree', 'filter.own.clean', join(s.root, 'trap'));
  writeFileSync(join(s.main, '.git/info/attributes'), '* filter=own\n');
  // Git compares what is in a file whose times are others than the index has.
  s.write('base.txt', readFileSync(join(s.tree, 'base.txt'), 'utf8'));
  rmSync(join(s.root, 'ran'), { force: true });
  expect(s.clean()).toMatchObject({ outcome: { verdict: 'would_delete' } });
  expect(ran()).toBe(false);
  s.write('base.txt', readFileSync(join(s.tree, 'base.txt'), 'utf8'));
  expect(s.clean({ force: true, branch: true })).toMatchObject({ outcome: { verdict: 'deleted' } });
  expect(ran()).toBe(false);
});

it('fetches nothing that a partial clone lacks: a transport is a program of the repository', () => {
  const s = scene();
  const mark = join(s.root, 'ran');
  s.git('config', 'remote.origin.url', `ext::sh -c touch% ${mark}`);
  s.git('config', 'remote.origin.promisor', 'true');
  s.git('config', 'protocol.ext.allow', 'always');
  s.git('config', 'extensions.partialClone', 'origin');
  const blob = s.git('rev-parse', 'HEAD:base.txt').trim();
  rmSync(join(s.main, '.git/objects', blob.slice(0, 2), blob.slice(2)));
  expect(() => createWorktree(s.main, 'b-000000', 'other', AT)).toThrow(
    expect.objectContaining({ code: 'git-failed', hint: expect.stringContaining('partial clone') }),
  );
  expect(existsSync(mark)).toBe(false);
  expect(readdirSync(join(s.main, '.git/refs/heads'))).not.toContain('other');
});

it('switches each one off by its name, whatever that holds', () => {
  const listed = ['filter.a.clean', 'filter.a.smudge', 'filter.b\n=c.d.process', 'hook.x.command'];
  expect(switchedOff(`${listed.join('\0')}\0`)).toEqual({
    GIT_CONFIG_COUNT: '9',
    GIT_CONFIG_KEY_0: 'filter.a.clean',
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: 'filter.a.smudge',
    GIT_CONFIG_VALUE_1: '',
    GIT_CONFIG_KEY_2: 'filter.a.process',
    GIT_CONFIG_VALUE_2: '',
    GIT_CONFIG_KEY_3: 'filter.a.required',
    GIT_CONFIG_VALUE_3: 'false',
    GIT_CONFIG_KEY_4: 'filter.b\n=c.d.clean',
    GIT_CONFIG_VALUE_4: '',
    GIT_CONFIG_KEY_5: 'filter.b\n=c.d.smudge',
    GIT_CONFIG_VALUE_5: '',
    GIT_CONFIG_KEY_6: 'filter.b\n=c.d.process',
    GIT_CONFIG_VALUE_6: '',
    GIT_CONFIG_KEY_7: 'filter.b\n=c.d.required',
    GIT_CONFIG_VALUE_7: 'false',
    GIT_CONFIG_KEY_8: 'hook.x.enabled',
    GIT_CONFIG_VALUE_8: 'false',
  });
  expect(switchedOff('')).toEqual({ GIT_CONFIG_COUNT: '0' });
});
