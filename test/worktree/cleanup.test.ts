import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StopgateError } from '../../src/errors.ts';
import { cleanUp } from '../../src/worktree/cleanup.ts';
import { createWorktree } from '../../src/worktree/create.ts';
import { gather } from '../../src/worktree/facts/gather.ts';
import { judge } from '../../src/worktree/judge.ts';
import { listWorktrees } from '../../src/worktree/list.ts';
import { removeWorktree } from '../../src/worktree/remove.ts';
import { at, digest, type Scene, scene } from './scene.ts';

function merged(): Scene {
  const s = scene();
  s.commit('work.txt', 'work\n');
  s.git('merge', '--quiet', '--no-ff', '--no-edit', 'task');
  return s;
}

/** One whose proof needs objects that the repository does not have. */
function squashed(): Scene {
  const s = scene();
  s.commit('work.txt', 'work\n');
  s.commit('work.txt', 'work\nmore\n');
  s.git('merge', '--quiet', '--squash', 'task');
  s.git('commit', '--quiet', '-m', 'squashed');
  s.commitMain('work.txt', 'else\n');
  return s;
}

function hintOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof StopgateError) return error.hint;
    throw error;
  }
  throw new Error('expected a refusal');
}

function entries(s: Scene) {
  const text = readFileSync(join(s.paths.events, 'cleanup.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a report writes nothing', () => {
  it.each([
    ['merged', merged],
    ['squashed', squashed],
    ['with a change', () => withChange()],
    ['with a torn record', () => withTornRecord()],
  ])('%s', (_, make) => {
    const s = make();
    const before = digest(s.root);
    s.clean({ branch: true });
    s.clean({ task: null, branch: true });
    expect(digest(s.root)).toBe(before);
  });

  function withChange(): Scene {
    const s = merged();
    // The same bytes with another time: git would like to write its index anew.
    s.write('work.txt', 'work\n');
    return s;
  }

  function withTornRecord(): Scene {
    const s = merged();
    for (const dir of [s.paths.sessions, s.paths.builds]) {
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, 'torn.json'), '{ "sche');
    }
    return s;
  }
});

describe('the branch', () => {
  it('goes when it is asked for, at the commit that was judged', () => {
    const s = squashed();
    const report = s.clean({ force: true, branch: true });
    expect(report).toMatchObject({
      outcome: { verdict: 'deleted' },
      branchOutcome: { outcome: { verdict: 'deleted' } },
    });
    expect(s.git('branch', '--list', 'task')).toBe('');
  });

  it('is only named in a report', () => {
    const s = merged();
    expect(s.clean({ branch: true })).toMatchObject({
      branchOutcome: { outcome: { verdict: 'would_delete' } },
    });
    expect(s.git('branch', '--list', 'task')).toContain('task');
  });

  it('stays when it is protected', () => {
    const s = scene();
    s.there('branch', '--quiet', '-m', 'develop');
    s.commit('work.txt', 'work\n');
    s.git('merge', '--quiet', '--no-ff', '--no-edit', 'develop');
    expect(s.clean({ task: 'develop', force: true, branch: true })).toMatchObject({
      outcome: { verdict: 'deleted' },
      branchOutcome: { outcome: { verdict: 'refused', reason: 'retained' } },
    });
    expect(s.git('branch', '--list', 'develop')).toContain('develop');
  });

  it('stays when another worktree has it, or rebases it', () => {
    const s = merged();
    const other = join(s.root, 'other');
    s.git('worktree', 'add', '--quiet', '--force', other, 'task');
    expect(s.clean({ task: s.tree, branch: true })).toMatchObject({
      branchOutcome: { outcome: { verdict: 'refused', reason: 'live' } },
    });
    s.git('-C', other, '-c', 'sequence.editor=sed -i 1ibreak', 'rebase', '--quiet', '-i', 'HEAD~1');
    expect(s.git('-C', other, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('HEAD');
    expect(s.clean({ task: s.tree, branch: true })).toMatchObject({
      branchOutcome: { outcome: { verdict: 'refused', reason: 'live' } },
    });
  });
});

describe('the ledger', () => {
  it('has a line before each act and one after it', () => {
    const s = merged();
    const { head } = s.clean({ force: true, branch: true });
    const [tree, treeDone, branch, branchDone] = entries(s);
    expect(tree).toMatchObject({
      step: 'begin',
      action: { act: 'worktree-remove', path: s.tree, head },
    });
    expect(treeDone).toMatchObject({ step: 'end', outcome: 'done', act: tree.act });
    expect(branch).toMatchObject({ step: 'begin', action: { act: 'branch-delete', head } });
    expect(branchDone).toMatchObject({ step: 'end', outcome: 'done', act: branch.act });
  });

  it('without it nothing is done', () => {
    const s = merged();
    writeFileSync(s.paths.root, 'no directory');
    expect(() => s.clean({ force: true })).toThrow();
    expect(existsSync(join(s.tree, 'work.txt'))).toBe(true);
  });
});

describe('when git does not do what it is asked', () => {
  /** Puts a program in the place of git that does something else for `worktree remove`. */
  function gitThat(s: Scene, does: string): void {
    const dirs = (process.env.PATH ?? '').split(':');
    const real = dirs.map((dir) => join(dir, 'git')).find((path) => existsSync(path));
    const script = ['#!/bin/sh', `case " $* " in *" worktree remove "*) ${does};; esac`];
    mkdirSync(join(s.root, 'bin'));
    const text = [...script, `exec ${real} "$@"`, ''].join('\n');
    writeFileSync(join(s.root, 'bin/git'), text, { mode: 0o755 });
    vi.stubEnv('PATH', `${join(s.root, 'bin')}:${process.env.PATH}`);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
  }

  it.each([
    ['is ended before it answers', 'kill -9 $$', 'outcome-unknown'],
    ['refuses', 'echo "fatal: no" >&2; exit 128', 'failed'],
    ['says yes and does nothing', 'exit 0', 'failed'],
  ])('%s: refused, and the branch stays', (_, does, outcome) => {
    const s = merged();
    gitThat(s, does);
    expect(s.clean({ force: true, branch: true })).toMatchObject({
      outcome: { verdict: 'refused', reason: 'plan-stale' },
      branchOutcome: null,
    });
    expect(entries(s).at(-1)).toMatchObject({ step: 'end', outcome });
    expect(existsSync(join(s.tree, 'work.txt'))).toBe(true);
    expect(s.git('branch', '--list', 'task')).toContain('task');
  });
});

describe('between the look and the act', () => {
  it.each([
    ['a file appears', 'untracked', (s: Scene) => s.write('new.txt', 'new\n')],
    ['a commit is made', 'identity-changed', (s: Scene) => s.commit('new.txt', 'new\n')],
    ['it is locked', 'locked', (s: Scene) => s.git('worktree', 'lock', s.tree)],
    ['it goes', 'disappeared', (s: Scene) => s.git('worktree', 'remove', s.tree)],
  ] as const)('%s: %s', (_, reason, happens) => {
    const s = merged();
    const all = listWorktrees(s.main);
    if (!all.known || !all.value[1]) throw new Error('expected a worktree');
    const subject = { record: all.value[1], all: all.value, named: true };
    const facts = gather(subject, s.paths);
    expect(judge(facts).refusal).toBe(null);
    happens(s);
    expect(removeWorktree(subject, facts, s.paths).outcome).toEqual({ verdict: 'refused', reason });
    expect(existsSync(join(s.tree, 'new.txt'))).toBe(
      reason === 'untracked' || reason === 'identity-changed',
    );
  });
});

describe('the task', () => {
  it.each([
    ['its build id', () => 'task-a1b2c3'],
    ['its branch', () => 'task'],
    ['its branch in full', () => 'refs/heads/task'],
    ['its path', (s: Scene) => s.tree],
    ['its path from here', () => '../repo.worktrees/task'],
  ])('is found by %s', (_, task) => {
    const s = merged();
    expect(s.clean({ task: task(s) }).path).toBe(s.tree);
  });

  it.each(['tas', 'task-a1b2', 'TASK', '', '*', '-task', 'refs/heads', 'repo.worktrees/task'])(
    'is not found by %j',
    (task) => {
      const s = merged();
      expect(() => s.clean({ task })).toThrow(StopgateError);
    },
  );

  it('is refused when it names two', () => {
    const s = merged();
    createWorktree(s.main, 'task', 'other', '2026-01-01T00:00:00.000Z');
    expect(() => s.clean({ task: 'task' })).toThrow('names 2 worktrees');
  });

  it('may name the main working tree, which is refused, and never proposed', () => {
    const s = merged();
    const refused = { verdict: 'refused', reason: 'main-worktree' };
    expect(s.clean({ task: 'main', force: true }).outcome).toEqual(refused);
    const hint = (task: string) => hintOf(() => s.clean({ task }));
    expect(hint('nothing')).toContain(`There are: ${JSON.stringify(s.tree)}`);
    expect(hint('nothing')).not.toContain(JSON.stringify(s.main));
    createWorktree(s.main, 'main', 'other', '2026-01-01T00:00:00.000Z');
    expect(hint('main')).toContain(JSON.stringify(`${s.main}.worktrees/other`));
    expect(hint('main')).not.toContain(JSON.stringify(s.main));
    s.git('worktree', 'remove', s.tree);
    s.git('worktree', 'remove', `${s.main}.worktrees/other`);
    expect(hint('nothing')).toContain('There is no linked worktree here.');
  });

  it('left out: every worktree that stopgate made', () => {
    const s = merged();
    createWorktree(s.main, 'second-000000', 'second', '2026-01-01T00:00:00.000Z');
    s.git('worktree', 'add', '--quiet', '-b', 'by-hand', join(s.root, 'by-hand'));
    const all = { task: null, cwd: s.main, force: true, branch: false };
    const outcomes = cleanUp(all, s.paths).map(({ branch, outcome }) => [branch, outcome]);
    expect(outcomes).toEqual(
      [
        ['refs/heads/by-hand', { verdict: 'kept', reason: 'foreign' }],
        ['refs/heads/second', { verdict: 'refused', reason: 'fresh-no-commits' }],
        ['refs/heads/task', { verdict: 'deleted' }],
      ].sort(),
    );
    expect(existsSync(join(s.root, 'by-hand/base.txt'))).toBe(true);
  });
});

it('works where the main repository is bare', () => {
  const s = scene();
  const bare = join(s.root, 'bare.git');
  s.git('clone', '--quiet', '--bare', s.main, bare);
  const tree = createWorktree(bare, 'bare-000000', 'job', '2026-01-01T00:00:00.000Z').path;
  const b = at({ root: s.root, main: bare, tree, paths: s.paths });
  b.commit('work.txt', 'work\n');
  expect(b.clean({ task: 'job', force: true }).outcome).toEqual({
    verdict: 'refused',
    reason: 'unmerged',
  });
  b.git('update-ref', 'refs/heads/main', 'refs/heads/job');
  expect(b.clean({ task: 'job', force: true, branch: true })).toMatchObject({
    outcome: { verdict: 'deleted' },
    branchOutcome: { outcome: { verdict: 'deleted' } },
  });
  expect(existsSync(join(s.root, 'bare.git.worktrees'))).toBe(false);
});
