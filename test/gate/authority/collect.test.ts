import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { collectEvidence } from '../../../src/gate/authority/collect.ts';
import { scratchDir } from '../../build/scratch.ts';
import { fillRepo } from '../../support/big-repo.ts';
import { BEFORE, makeRepo, openRepo, START } from './repo.ts';

const OPEN = '- [x] one\n- [ ] two\n';

const collect = (checkout: string, message = '', sessionStart: Date | null = START, ms = 20_000) =>
  collectEvidence(
    { checkout, sessionStart: sessionStart?.toISOString() ?? null, message },
    Date.now() + ms,
  );

it('tells what a session made, changed and left, and from which commits', async () => {
  const repo = makeRepo();
  const first = repo.commit('docs/plans/old.md', OPEN, BEFORE);
  const added = repo.commit('docs/plan.md', '- [ ] one\n- [ ] two\n', BEFORE);
  const changed = repo.commit('docs/plan.md', OPEN);
  const spec = repo.commit('specs/api.md', 'nothing to tick\n');
  repo.write('PLAN.md', OPEN);
  repo.write('TODO.md', OPEN, BEFORE);
  const { repository, commits, artifacts } = await collect(repo.dir, 'See docs/plans/old.md.');
  expect(repository).toMatchObject({
    head: spec,
    branch: 'main',
    operation: null,
    changed: 2,
    conflicts: 0,
    unpushed: 4,
    shallow: false,
  });
  expect(commits.map(({ id, subject }) => [id, subject])).toEqual([
    [spec, 'change specs/api.md'],
    [changed, 'change docs/plan.md'],
  ]);
  const items = { open: 1, done: 1 };
  const facts = { named: false, dirty: false };
  expect(artifacts[0]).toMatchObject({ path: 'docs/plans/old.md', named: true });
  expect(artifacts.sort((a, b) => a.path.localeCompare(b.path))).toEqual([
    {
      ...facts,
      ...items,
      path: 'docs/plan.md',
      kind: 'plan',
      introduced: added,
      latest: changed,
      inSession: 'modified',
    },
    {
      ...facts,
      ...items,
      path: 'docs/plans/old.md',
      kind: 'plan',
      introduced: first,
      latest: first,
      inSession: 'no',
      named: true,
    },
    {
      ...facts,
      ...items,
      path: 'PLAN.md',
      kind: 'plan',
      introduced: null,
      latest: null,
      inSession: 'created',
      dirty: true,
    },
    {
      ...facts,
      path: 'specs/api.md',
      kind: 'spec',
      introduced: spec,
      latest: spec,
      inSession: 'created',
      open: 0,
      done: 0,
    },
    {
      ...facts,
      ...items,
      path: 'TODO.md',
      kind: 'todo',
      introduced: null,
      latest: null,
      inSession: 'no',
      dirty: true,
    },
  ]);
});

it('commits that were pulled, merged or amended away are not the session’s', async () => {
  const theirs = makeRepo();
  theirs.commit('a.txt', 'a', BEFORE);
  const ours = openRepo(join(scratchDir(), 'clone'));
  execFileSync('git', ['clone', '-q', theirs.dir, ours.dir]);
  theirs.commit('b.txt');
  ours.git('pull', '-q');
  ours.commit('c.txt');
  ours.git('commit', '-q', '--amend', '-m', 'better');
  const { commits, repository } = await collect(ours.dir);
  expect(commits.map(({ subject }) => subject)).toEqual(['better']);
  expect(repository?.unpushed).toBe(1);
});

it('without the start of the session nothing is the session’s', async () => {
  const repo = makeRepo();
  repo.commit('PLAN.md', OPEN);
  const { commits, artifacts } = await collect(repo.dir, '', null);
  expect(commits).toEqual([]);
  expect(artifacts).toMatchObject([{ inSession: 'unknown', open: 1 }]);
});

it.each<[string, () => string, object | null]>([
  ['no repository', scratchDir, null],
  [
    'a bare repository',
    () => {
      const dir = scratchDir();
      makeRepo(dir).git('config', 'core.bare', 'true');
      const bare = join(scratchDir(), 'bare.git');
      execFileSync('git', ['clone', '-q', '--bare', dir, bare], { stdio: 'pipe' });
      return bare;
    },
    null,
  ],
  [
    'before the first commit',
    () => {
      const repo = makeRepo();
      repo.write('PLAN.md', OPEN);
      return repo.dir;
    },
    { head: null, branch: 'main', changed: 1, unpushed: 0 },
  ],
  [
    'a detached HEAD',
    () => {
      const repo = makeRepo();
      repo.commit('a');
      repo.git('checkout', '-q', '--detach');
      return repo.dir;
    },
    { branch: null, changed: 0 },
  ],
  [
    'a linked working tree',
    () => {
      const repo = makeRepo();
      repo.commit('a', 'a', BEFORE);
      const dir = join(scratchDir(), 'linked');
      repo.git('worktree', 'add', '-q', '-b', 'side', dir);
      openRepo(dir).commit('b');
      return dir;
    },
    { branch: 'side', unpushed: 2 },
  ],
  [
    'a submodule',
    () => {
      const inner = makeRepo();
      inner.commit('a', 'a', BEFORE);
      const outer = makeRepo();
      outer.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.dir, 'sub');
      openRepo(join(outer.dir, 'sub')).commit('b');
      return join(outer.dir, 'sub');
    },
    { branch: 'main', changed: 0, unpushed: 1 },
  ],
  [
    'a merge in conflict',
    () => {
      const repo = makeRepo();
      repo.commit('a', '0', BEFORE);
      repo.git('checkout', '-q', '-b', 'side');
      repo.commit('a', '1');
      repo.git('checkout', '-q', 'main');
      repo.commit('a', '2');
      expect(() => repo.git('merge', '-q', 'side')).toThrow();
      return repo.dir;
    },
    { operation: 'merge', conflicts: 1, changed: 1 },
  ],
])('%s', async (_name, make, expected) => {
  const { repository } = await collect(make());
  if (expected === null) expect(repository).toBeNull();
  else expect(repository).toMatchObject(expected);
});

it('in a linked working tree only its own commits are the session’s', async () => {
  const repo = makeRepo();
  repo.commit('a', 'a', BEFORE);
  const dir = join(scratchDir(), 'linked');
  repo.git('worktree', 'add', '-q', '-b', 'side', dir);
  const own = openRepo(dir).commit('b');
  repo.commit('c');
  expect((await collect(dir)).commits.map(({ id }) => id)).toEqual([own]);
});

it('the first commit of a shallow clone introduced nothing', async () => {
  const repo = makeRepo();
  repo.commit('PLAN.md', OPEN, BEFORE);
  repo.commit('a', 'a', BEFORE);
  const dir = join(scratchDir(), 'shallow');
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${repo.dir}`, dir]);
  const { repository, artifacts } = await collect(dir);
  expect(repository?.shallow).toBe(true);
  expect(artifacts).toMatchObject([{ introduced: null, latest: repository?.head }]);
});

it('a name that is not one line, a link, a pipe and a folder are no artifacts', async () => {
  const repo = makeRepo();
  repo.commit('my-plan.md', OPEN);
  repo.commit('plan-\nb.md', OPEN);
  repo.commit('plan-\x01b.md', OPEN);
  symlinkSync('/etc/hostname', join(repo.dir, 'link-plan.md'));
  mkdirSync(join(repo.dir, 'plan.md'));
  execFileSync('mkfifo', [join(repo.dir, 'todo.md')]);
  const { artifacts } = await collect(repo.dir);
  expect(artifacts.map(({ path }) => path)).toEqual(['my-plan.md']);
});

it('nothing that a repository configures is run, nothing is written, and GIT_ variables do not lead astray', async () => {
  const repo = makeRepo();
  repo.commit('PLAN.md', OPEN, BEFORE);
  repo.commit('same.md', OPEN, BEFORE);
  const mark = join(scratchDir(), 'ran');
  const trap = join(scratchDir(), 'trap');
  writeFileSync(trap, `#!/bin/sh\ntouch '${mark}'\n`);
  chmodSync(trap, 0o755);
  for (const key of ['core.fsmonitor', 'core.pager', 'diff.external', 'gpg.program'])
    repo.git('config', key, trap);
  repo.git('config', 'log.showSignature', 'true');
  repo.git('config', 'filter.trap.clean', trap);
  repo.git('config', 'filter.other.process', trap);
  writeFileSync(join(repo.dir, '.git/info/attributes'), '*.md filter=trap\n*.txt filter=other\n');
  repo.git('config', 'core.hooksPath', scratchDir());
  for (const hook of ['post-index-change', 'reference-transaction'])
    writeFileSync(join(repo.dir, '.git/hooks', hook), `#!/bin/sh\ntouch '${mark}'\n`, {
      mode: 0o755,
    });
  repo.git('config', '--unset', 'core.hooksPath');
  repo.write('PLAN.md', `${OPEN}more\n`);
  // Git compares what is in a file whose times are others than the index has.
  repo.write('same.md', OPEN);
  rmSync(mark, { force: true });
  const index = join(repo.dir, '.git/index');
  const before = [
    statSync(index).mtimeMs,
    readFileSync(index),
    readdirSync(join(repo.dir, '.git')),
  ];
  vi.stubEnv('GIT_DIR', '/nowhere');
  vi.stubEnv('GIT_EXTERNAL_DIFF', trap);
  vi.stubEnv('GIT_TRACE', mark);
  const { repository, artifacts } = await collect(repo.dir);
  vi.unstubAllEnvs();
  expect(repository).toMatchObject({ changed: 1 });
  expect(artifacts).toHaveLength(1);
  expect([
    statSync(index).mtimeMs,
    readFileSync(index),
    readdirSync(join(repo.dir, '.git')),
  ]).toEqual(before);
  expect(() => statSync(mark)).toThrow();
});

it('fetches nothing that a partial clone lacks: a transport is a program of the repository', async () => {
  const repo = makeRepo();
  repo.commit('PLAN.md', OPEN, BEFORE);
  repo.commit('other.md', OPEN, BEFORE);
  const mark = join(scratchDir(), 'ran');
  repo.git('config', 'remote.origin.url', `ext::sh -c touch% ${mark}`);
  repo.git('config', 'remote.origin.promisor', 'true');
  repo.git('config', 'protocol.ext.allow', 'always');
  repo.git('config', 'extensions.partialClone', 'origin');
  const tree = repo.git('rev-parse', 'HEAD~1^{tree}');
  rmSync(join(repo.dir, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  await collect(repo.dir).catch(() => undefined);
  expect(() => statSync(mark)).toThrow();
});

it.each([
  ['that is not there', null, /could not run|ENOENT/, 20_000],
  ['that hangs', '#!/bin/sh\nsleep 30\n', /no end within/, 500],
  ['that breaks', '#!/bin/sh\nexit 3\n', /exit code 3/, 20_000],
  ['that never stops speaking', '#!/bin/sh\nexec yes\n', /bytes of output|no end within/, 500],
])('a git %s is an error in time, and nothing of it stays', async (_name, script, words, ms) => {
  const repo = makeRepo();
  const bin = scratchDir();
  if (script !== null) writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
  vi.stubEnv('PATH', script === null ? bin : [bin, process.env.PATH].join(delimiter));
  const began = Date.now();
  await expect(collect(repo.dir, '', START, ms)).rejects.toThrow(words);
  vi.unstubAllEnvs();
  expect(Date.now() - began).toBeLessThan(15_000);
});

it('a walk over history that takes too long leaves open who added a file, and the rest stands', async () => {
  const repo = makeRepo();
  repo.commit('PLAN.md', OPEN, BEFORE);
  const bin = scratchDir();
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const slow = `#!/bin/sh\ncase " $* " in *name-status*) exec sleep 30 ;; esac\nexec ${real} "$@"\n`;
  writeFileSync(join(bin, 'git'), slow, { mode: 0o755 });
  vi.stubEnv('PATH', [bin, process.env.PATH].join(delimiter));
  const { artifacts, repository } = await collect(repo.dir, '', START, 5_000);
  vi.unstubAllEnvs();
  expect(repository?.head).toMatch(/^[0-9a-f]{40}$/);
  expect(artifacts).toMatchObject([{ path: 'PLAN.md', introduced: null, open: 1 }]);
});

it('ten thousand files and five thousand commits are within the bound', async () => {
  const repo = makeRepo();
  fillRepo(repo.dir, BEFORE, OPEN);
  const plan = repo.commit('PLAN.md', OPEN);
  // The best of a few: a busy machine is not what is measured.
  const tries: number[] = [];
  while (tries.length < 5 && !tries.some((ms) => ms < 2500)) {
    const began = Date.now();
    await collect(repo.dir, '', START, 30_000);
    tries.push(Date.now() - began);
  }
  expect(Math.min(...tries)).toBeLessThan(2500);
  const { repository, commits, artifacts } = await collect(repo.dir, '', START, 30_000);
  expect(repository).toMatchObject({ head: plan, unpushed: 100 });
  expect(commits).toMatchObject([{ id: plan }]);
  expect(artifacts.find(({ path }) => path === 'PLAN.md')).toMatchObject({
    introduced: plan,
    inSession: 'created',
  });
  expect(artifacts.find(({ path }) => path === 'docs/roadmap.md')?.introduced).toMatch(
    /^[0-9a-f]+$/,
  );
}, 240_000);
