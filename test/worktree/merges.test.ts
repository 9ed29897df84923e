import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines, type Scene, scene } from './scene.ts';

const GONE = { outcome: { verdict: 'deleted' } };

/** The worktree goes, and this commit is still held by a ref. */
function expectGone(s: Scene, proof: string, survivor: string): void {
  const report = s.clean({ force: true });
  expect(report).toMatchObject({ ...GONE, integrated: { target: 'refs/heads/main', proof } });
  expect(existsSync(s.tree)).toBe(false);
  expect(s.git('branch', '--all', '--contains', survivor)).not.toBe('');
}

/** The worktree stays, with this file in it. */
function expectKept(s: Scene, reason: string, file: string): void {
  const report = s.clean({ force: true, branch: true });
  expect(report).toMatchObject({ outcome: { verdict: 'refused', reason }, branchOutcome: null });
  expect(existsSync(join(s.tree, file))).toBe(true);
  expect(s.there('status', '--porcelain')).toBe('');
}

describe('work that a target holds', () => {
  it('merged: a merge commit', () => {
    const s = scene();
    const work = s.commit('a.txt', 'a\n');
    s.commitMain('other.txt', 'o\n');
    s.git('merge', '--quiet', '--no-ff', '--no-edit', 'task');
    expectGone(s, 'ancestor', work);
  });

  it('merged by a merge commit while git keeps no log of what was done', () => {
    const s = scene();
    s.git('config', 'core.logAllRefUpdates', 'false');
    const work = s.commit('a.txt', 'a\n');
    s.git('merge', '--quiet', '--no-ff', '--no-edit', 'task');
    expectGone(s, 'ancestor', work);
  });

  it('fast-forwarded', () => {
    const s = scene();
    const work = s.commit('a.txt', 'a\n');
    s.git('merge', '--quiet', '--ff-only', 'task');
    s.commitMain('later.txt', 'l\n');
    expectGone(s, 'ancestor', work);
  });

  it('rebased: each commit picked onto another base', () => {
    const s = scene();
    const first = s.commit('a.txt', 'a\n');
    const second = s.commit('b.txt', 'b\n');
    s.commitMain('other.txt', 'o\n');
    s.git('cherry-pick', first, second);
    expectGone(s, 'cherry', second);
  });

  it('squashed, and the main branch went on elsewhere: merging would add nothing', () => {
    const s = scene();
    s.commit('a.txt', 'a\n');
    const work = s.commit('a.txt', 'a\nb\n');
    s.git('merge', '--quiet', '--squash', 'task');
    s.git('commit', '--quiet', '-m', 'squashed');
    s.commitMain('other.txt', 'o\n');
    expectGone(s, 'merge', work);
  });

  it('squashed, and the main branch went on in other lines of the same file', () => {
    const s = scene();
    s.commit('base.txt', changed('line 3\n'));
    const work = s.commit('base.txt', `${changed('line 3\n')}é\n`);
    s.git('merge', '--quiet', '--squash', 'task');
    s.git('commit', '--quiet', '-m', 'squashed');
    s.commitMain('base.txt', `${changed('line 3\n', 'line 12\n')}é\n`);
    expectGone(s, 'merge', work);
  });

  it('squashed, then the same lines changed: merging would conflict', () => {
    const s = scene();
    s.commit('a.txt', 'a\n');
    const work = s.commit('a.txt', 'a\nb\n');
    s.git('merge', '--quiet', '--squash', 'task');
    s.git('commit', '--quiet', '-m', 'squashed');
    s.commitMain('a.txt', 'something else\n');
    expectGone(s, 'squash', work);
  });

  it('another branch with the same change was merged, then the same lines changed', () => {
    const s = scene();
    s.commit('base.txt', changed('line 3\n', 'line 10\n'));
    const work = s.commit('base.txt', changed('line 3\n', 'line 10\n', 'line 17\n'));
    s.git('switch', '--quiet', '-c', 'again');
    s.commitMain('base.txt', changed('line 3\n'));
    s.commitMain('base.txt', changed('line 3\n', 'line 10\n', 'line 17\n'));
    s.git('switch', '--quiet', 'main');
    s.git('merge', '--quiet', '--no-ff', '--no-edit', 'again');
    s.commitMain('base.txt', 'something else\n');
    expectGone(s, 'patch-id', work);
  });

  it('reverted: it is in the history, and can be had back from there', () => {
    const s = scene();
    const work = s.commit('a.txt', 'a\n');
    s.git('merge', '--quiet', '--no-ff', '--no-edit', 'task');
    s.git('revert', '--no-edit', '-m', '1', 'HEAD');
    expectGone(s, 'ancestor', work);
  });

  it('squashed and reverted', () => {
    const s = scene();
    s.commit('a.txt', 'a\n');
    const work = s.commit('a.txt', 'a\nb\n');
    s.git('merge', '--quiet', '--squash', 'task');
    s.git('commit', '--quiet', '-m', 'squashed');
    s.git('revert', '--no-edit', 'HEAD');
    expectGone(s, 'squash', work);
  });
});

describe('work that looks as if a target held it', () => {
  it('squashed, plus one commit more', () => {
    const s = scene();
    s.commit('a.txt', 'a\n');
    s.git('merge', '--quiet', '--squash', 'task');
    s.git('commit', '--quiet', '-m', 'squashed');
    s.commit('b.txt', 'one more\n');
    expectKept(s, 'unmerged', 'b.txt');
  });

  it('squashed, plus one commit that only mends white space, which git cherry does not see', () => {
    const s = scene();
    s.commit('a.py', 'if x:\n    a()\nb()\n');
    s.git('merge', '--quiet', '--squash', 'task');
    s.git('commit', '--quiet', '-m', 'squashed');
    s.commitMain('a.py', 'rewritten\n');
    s.commit('a.py', 'if x:\n    a()\n    b()\n');
    expectKept(s, 'unmerged', 'a.py');
  });

  it('picked, but for the white space', () => {
    const s = scene();
    s.commit('a.py', 'if x:\n    a()\n    b()\n');
    s.commitMain('a.py', 'if x:\n    a()\nb()\n');
    expectKept(s, 'unmerged', 'a.py');
  });

  it('squashed, plus one commit that makes a file executable', () => {
    const s = scene();
    s.commit('run.sh', 'true\n');
    s.git('merge', '--quiet', '--squash', 'task');
    s.git('commit', '--quiet', '-m', 'squashed');
    s.commitMain('run.sh', 'false\n');
    s.there('update-index', '--chmod=+x', 'run.sh');
    s.there('commit', '--quiet', '-m', 'executable');
    s.there('checkout', '--quiet', '--force', 'HEAD');
    expectKept(s, 'unmerged', 'run.sh');
  });

  it('every commit picked, and a merge with changes of its own', () => {
    const s = scene();
    const work = s.commit('a.txt', 'a\n');
    s.git('cherry-pick', work);
    s.there('merge', '--quiet', '--no-commit', '--no-ff', 'main');
    s.write('evil.txt', 'only in the merge\n');
    s.there('add', 'evil.txt');
    s.there('commit', '--quiet', '-m', 'merge');
    expectKept(s, 'unmerged', 'evil.txt');
  });

  it('squashed, but for one line that the main branch left out', () => {
    const s = scene();
    s.commit('base.txt', changed('line 3\n', 'line 17\n'));
    s.commitMain('base.txt', changed('line 3\n'));
    expectKept(s, 'unmerged', 'base.txt');
  });

  it('squashed, but for a deletion', () => {
    const s = scene();
    s.commit('a.txt', 'a\n');
    s.there('rm', '--quiet', 'base.txt');
    s.there('commit', '--quiet', '-m', 'without base');
    s.commitMain('a.txt', 'a\n');
    s.commitMain('base.txt', 'another base\n');
    expectKept(s, 'unmerged', 'a.txt');
  });

  it('squashed, but for a newer submodule that git is told to overlook', () => {
    const s = scene();
    s.commitMain('.gitmodules', '[submodule "lib"]\n\tpath = lib\n\turl = ./lib\n\tignore = all\n');
    s.git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},lib`);
    s.git('commit', '--quiet', '-m', 'a submodule');
    s.there('merge', '--quiet', '--ff-only', 'main');
    mkdirSync(join(s.tree, 'lib'), { recursive: true });
    const work = s.commit('a.txt', 'a\n');
    s.there('update-index', '--cacheinfo', `160000,${'b'.repeat(40)},lib`);
    s.there('commit', '--quiet', '-m', 'a newer one');
    s.commitMain('b.txt', 'b\n');
    s.git('cherry-pick', work);
    expectKept(s, 'unmerged', 'a.txt');
  });

  it('squashed, but for bytes that are no text', () => {
    const s = scene();
    s.commit('a.bin', 'a\0\n');
    s.commit('a.bin', 'a\0b\n');
    s.commitMain('a.bin', 'a\0\n');
    expectKept(s, 'unmerged', 'a.bin');
  });

  it('a merge driver that drops what it merges makes a merge that adds nothing', () => {
    const s = scene();
    s.git('config', 'merge.mine.driver', 'true');
    s.commitMain('.gitattributes', 'base.txt merge=mine\n');
    s.there('merge', '--quiet', '--ff-only', 'main');
    s.commitMain('base.txt', `${lines(1, 20)}main\n`);
    s.commit('base.txt', `${lines(1, 20)}task\n`);
    expectKept(s, 'unmerged', 'base.txt');
  });

  it('net zero: commits that cancel each other out are nowhere else', () => {
    const s = scene();
    s.commit('idea.txt', 'an idea\n');
    s.there('revert', '--no-edit', 'HEAD');
    expectKept(s, 'unmerged', 'base.txt');
  });

  it('fresh: no commit yet', () => {
    expectKept(scene(), 'fresh-no-commits', 'base.txt');
  });

  it('fresh, and only followed the main branch', () => {
    const s = scene();
    s.commitMain('other.txt', 'o\n');
    s.there('merge', '--quiet', '--ff-only', 'main');
    expectKept(s, 'fresh-no-commits', 'other.txt');
  });

  it('fresh again: its commit was taken back, and it followed the main branch', () => {
    const s = scene();
    s.commit('a.txt', 'a\n');
    s.there('reset', '--quiet', '--hard', 'HEAD~1');
    s.commitMain('other.txt', 'o\n');
    s.there('rebase', '--quiet', 'main');
    expectKept(s, 'fresh-no-commits', 'other.txt');
  });

  it('fresh, made by a person and named', () => {
    const s = scene();
    const path = join(s.root, 'by-hand');
    s.git('worktree', 'add', '--quiet', '-b', 'by-hand', path);
    s.commitMain('other.txt', 'o\n');
    const report = s.clean({ task: 'by-hand', force: true });
    expect(report.outcome).toEqual({ verdict: 'refused', reason: 'fresh-no-commits' });
    expect(existsSync(path)).toBe(true);
  });

  it('orphan: a history of its own', () => {
    const s = scene();
    s.there('switch', '--quiet', '--orphan', 'alone');
    s.commit('alone.txt', 'a\n');
    const report = s.clean({ task: s.tree, force: true });
    expect(report.outcome).toEqual({ verdict: 'refused', reason: 'unmerged' });
    expect(existsSync(join(s.tree, 'alone.txt'))).toBe(true);
  });

  it('orphan without a commit', () => {
    const s = scene();
    s.there('switch', '--quiet', '--orphan', 'alone');
    const report = s.clean({ task: s.tree, force: true });
    expect(report.outcome).toEqual({ verdict: 'refused', reason: 'fresh-no-commits' });
  });

  it('pushed, and not merged', () => {
    const s = withRemote();
    s.commit('a.txt', 'a\n');
    s.there('push', '--quiet', 'origin', 'task');
    expectKept(s, 'unmerged', 'a.txt');
  });

  it('neither pushed nor merged', () => {
    const s = withRemote();
    s.commit('a.txt', 'a\n');
    expectKept(s, 'unpushed', 'a.txt');
  });

  it('merged only on a branch of another worktree, while the main branch is known', () => {
    const s = scene();
    const work = s.commit('a.txt', 'a\n');
    s.git('branch', 'other', work);
    expectKept(s, 'unmerged', 'a.txt');
  });
});

it('counts as integrated what only the remote has merged', () => {
  const s = withRemote();
  const work = s.commit('a.txt', 'a\n');
  s.git('push', '--quiet', 'origin', 'task:main');
  expect(s.clean({ force: true })).toMatchObject({
    ...GONE,
    integrated: { target: 'refs/remotes/origin/main', proof: 'ancestor' },
  });
  expect(s.git('branch', '--all', '--contains', work)).toContain('origin/main');
});

function changed(...these: string[]): string {
  return these.reduce((text, line) => text.replace(line, `new ${line}`), lines(1, 20));
}

function withRemote(): Scene {
  const s = scene();
  s.git('init', '--quiet', '--bare', join(s.root, 'origin.git'));
  s.git('remote', 'add', 'origin', join(s.root, 'origin.git'));
  s.git('push', '--quiet', 'origin', 'main');
  return s;
}
