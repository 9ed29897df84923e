import type { Build } from '../../build/schema.ts';
import { newBuild, type StartOptions } from '../../build/start.ts';
import { createBuild, withBuildsLock } from '../../build/store.ts';
import { StopgateError } from '../../errors.ts';
import { confinementOf } from '../../hosts/codex/confinement.ts';
import { checkoutOf } from '../../owner/checkout.ts';
import { ancestors } from '../../owner/process.ts';
import { originOf } from '../../rights/origin.ts';
import { type Runner, runnerOf } from '../../rights/runner.ts';
import { recordedOwner } from '../../session/owner-end.ts';
import { changeSession } from '../../session/store.ts';
import { readSettings } from '../../settings/read.ts';
import type { StatePaths } from '../../state/paths.ts';
import { shellWord } from '../../worktree/words.ts';
import { contextOfChange, LOCK_MS } from '../context.ts';
import { print, printError } from '../print.ts';
import { emptyOwners, refuseRival } from './owner-flags.ts';
import { ownerText } from './show.ts';

export interface StartRequest extends StartOptions {
  /** A worktree of its own: `true` for a branch that is named as the build. */
  worktree?: string | true;
}

/** `build start`: a second open build for the same owner is refused and names the first. */
export async function startBuild(options: StartRequest): Promise<void> {
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
  const { paths, me, lineageOf, at } = contextOfChange(options);
  for (const note of emptyOwners(options)) printError(note);
  const runner = runnerOf(process.env, ancestors(process.pid));
  if (options.worktree !== undefined) assertMayWriteWorktree(runner, options);
  const checksFrom = options.checks.length > 0 ? originOf(runner) : undefined;
  const { budget } = readSettings(checkoutOf(me.cwd)).settings;
  const build = newBuild(
    { ...options, task, checksFrom, limit: budget?.[options.size] },
    me,
    recordedOwner(paths),
    at,
  );
  const alone = () => {
    refuseRival(paths, build.owner, me, lineageOf);
  };
  const write = (state: Build) => {
    withBuildsLock(paths, LOCK_MS, () => {
      alone();
      createBuild(paths, state);
    });
    noteBuild(paths, state);
  };
  const started = `build ${build.id} started in phase ${build.phase}, owned by ${ownerText(build)}`;
  if (options.worktree === undefined) {
    write(build);
    return print(started);
  }
  alone();
  const branch = options.worktree === true ? build.id : options.worktree;
  const { inWorktree } = await import('./start-in-worktree.ts');
  print(started, ...inWorktree(build, { cwd: me.cwd, branch, at }, write));
}

/** What a sandboxed agent may not write itself, a command that leaves its sandbox does not write for it. */
function assertMayWriteWorktree({ by, session, contained }: Runner, options: StartRequest): void {
  if (!contained && (by !== 'codex' || confinementOf(session, process.env).kind === 'none')) return;
  const message =
    'A worktree lies outside the workspace, and git writes its administration in .git: the sandbox of this session lets neither be written.';
  throw new StopgateError('in-sandbox', message, {
    hint: `A person can do it, in a terminal in this repository: ${commandOf(options, session)}`,
  });
}

function commandOf({ task, size, checks, worktree }: StartRequest, session: string | null): string {
  return [
    `stopgate build start ${shellWord(task)} --size ${size}`,
    ...checks.map((check) => `--check ${shellWord(check)}`),
    `--worktree${typeof worktree === 'string' ? ` ${shellWord(worktree)}` : ''}`,
    ...(session === null ? [] : [`--owner-session ${shellWord(session)}`]),
  ].join(' ');
}

/** The record of its session names it; what cannot be written there is no reason to start nothing. */
function noteBuild(paths: StatePaths, { id, owner }: Build): void {
  if (!owner?.sessionId) return;
  try {
    changeSession(paths, owner.sessionId, LOCK_MS, (record) => ({
      ...record,
      builds: [...(record.builds ?? []), id],
    }));
  } catch {
    // The build says who owns it; the record says it once more.
  }
}
