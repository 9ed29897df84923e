import { realpathSync } from 'node:fs';
import { currentDir } from '../../cwd.ts';
import { messageOf, StopgateError } from '../../errors.ts';
import { paneClaim } from '../../owner/tmux.ts';
import type { StatePaths } from '../../state/paths.ts';
import { namedWorktrees } from '../../worktree/cleanup.ts';
import { homeOf } from '../../worktree/facts/identity.ts';
import { findWorktree, type Named } from '../../worktree/find.ts';
import { manualSteps, spawnCommand } from '../../worktree/manual.ts';
import { short } from '../../worktree/steps/finding.ts';
import type { Standing } from '../../worktree/where.ts';
import { print } from '../print.ts';
import { isTerminal, question } from '../question.ts';
import { spawnCleanup } from './spawn.ts';

/**
 * A name for the worktree that the caller stands in, or `null` when `task` names another one. A name that the main
 * working tree finds it by as well: its build, its branch, else its path.
 */
export function ownTask(task: string | null, where: Standing, paths: StatePaths): string | null {
  const [main, ...linked] = namedWorktrees(where.main, paths);
  const top = realpathSync(where.top);
  if (task !== null) {
    return findWorktree(task, linked, currentDir(), main).path === top ? task : null;
  }
  const own = linked.find(({ record }) => record.path === top);
  if (own === undefined) throw moved(top);
  return nameOf(own, linked);
}

function moved(top: string): StopgateError {
  const home = homeOf(top);
  const where = home.known ? `git has it at ${home.value}` : home.why;
  return new StopgateError('moved', `git lists no worktree at ${top}: ${where}.`, {
    hint: 'If it was moved by hand, tell git where it is, in it, and try again: git worktree repair',
  });
}

function nameOf({ record, builds }: Named, linked: readonly Named[]): string {
  const names = [...builds, ...(record.branch === null ? [] : [short(record.branch)])];
  const isIts = (name: string) => {
    try {
      return findWorktree(name, linked, '/') === record;
    } catch {
      return false;
    }
  };
  return names.find(isIts) ?? record.path;
}

/** Nobody saws off the branch they sit on: offers a pane in the main repository, else says what to type there. */
export async function leaveWorktree(task: string, main: string): Promise<void> {
  const inTmux = paneClaim(process.env) !== null;
  print('This is the worktree itself, which can only be removed from outside.');
  if (inTmux && isTerminal()) {
    if (await question('Spawn cleanup pane?', true)) return spawnOrExplain(task, main);
    return print(...manualSteps(task, main));
  }
  const pane = inTmux ? ['In a pane beside this one:', `  ${spawnCommand(task, main)}`] : [];
  throw new StopgateError(
    'self',
    'Nothing was removed: this command was started in the worktree.',
    {
      hint: [...pane, ...manualSteps(task, main)].join('\n'),
    },
  );
}

async function spawnOrExplain(task: string, main: string): Promise<void> {
  try {
    await spawnCleanup(task, main, undefined);
  } catch (error) {
    throw new StopgateError('no-pane', messageOf(error), {
      hint: manualSteps(task, main).join('\n'),
    });
  }
}
