import { allBuilds } from '../../build/find.ts';
import type { Build } from '../../build/schema.ts';
import { newBuild, rivalOf, type StartOptions } from '../../build/start.ts';
import { createBuild, withBuildsLock } from '../../build/store.ts';
import { StopgateError } from '../../errors.ts';
import { checkoutOf } from '../../owner/checkout.ts';
import { readSettings } from '../../settings/read.ts';
import { type Created, createWorktree, takeBack } from '../../worktree/create.ts';
import { short } from '../../worktree/judge.ts';
import { shellWord } from '../../worktree/words.ts';
import { context, LOCK_MS } from '../context.ts';
import { print } from '../print.ts';
import { ownerText } from './show.ts';

export interface StartRequest extends StartOptions {
  /** A worktree of its own: `true` for a branch that is named as the build. */
  worktree?: string | true;
}

/** `build start`: a second open build for the same owner is refused and names the first. */
export function startBuild(options: StartRequest): void {
  const task = options.task.trim();
  if (task === '') {
    throw new StopgateError(
      'usage',
      'The task is empty: expected a sentence that says what is to be built.',
      {
        exitCode: 2,
      },
    );
  }
  const { paths, me, at } = context();
  const { budget } = readSettings(checkoutOf(me.cwd)).settings;
  const build = newBuild({ ...options, task, limit: budget?.[options.size] }, me, at);
  const alone = () => {
    const rival = rivalOf(build, allBuilds(paths), me);
    if (rival) throw secondBuild(rival);
  };
  const write = (state: Build) =>
    withBuildsLock(paths, LOCK_MS, () => {
      alone();
      createBuild(paths, state);
    });
  const started = `build ${build.id} started in phase ${build.phase}, owned by ${ownerText(build)}`;
  if (options.worktree === undefined) {
    write(build);
    return print(started);
  }
  alone();
  const branch = options.worktree === true ? build.id : options.worktree;
  const tree = createWorktree(me.cwd, build.id, branch, at);
  try {
    write({ ...build, checkouts: [tree.path, ...build.checkouts], head: tree.base });
  } catch (error) {
    takeBack(tree);
    throw error;
  }
  print(started, ...whatNext(tree, build));
}

function whatNext({ path, branch, base, from }: Created, { id }: Build): string[] {
  const start = `${from === null ? 'a detached HEAD' : short(from)} at ${base.slice(0, 10)}`;
  return [
    `worktree ${path} on branch ${branch}, from ${start}`,
    `go on there: cd ${shellWord(path)}`,
    `when it is merged, in the main repository: stopgate worktree cleanup ${id}`,
  ];
}

function secondBuild(first: Build): StopgateError {
  const message = `This owner already has an unfinished build: ${first.id} ("${first.task}", ${first.phase}).`;
  return new StopgateError('second-build', message, {
    hint: `Finish it (stopgate build complete), end it (stopgate build fail) or give it up (stopgate build release).`,
  });
}
