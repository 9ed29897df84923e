import { realpathSync, statSync } from 'node:fs';
import { StopgateError } from '../../errors.ts';
import { namedWorktrees } from '../../worktree/cleanup.ts';
import { findWorktree } from '../../worktree/find.ts';
import { manualSteps } from '../../worktree/manual.ts';
import { openPane } from '../../worktree/pane.ts';
import { cleanupPrompt } from '../../worktree/prompt.ts';
import { standing } from '../../worktree/where.ts';
import { context } from '../context.ts';
import { print } from '../print.ts';
import { isTerminal } from '../question.ts';

/** `worktree spawn-cleanup`: exit 0 pane spawned, 1 bad arguments, 2 main repo not found, 3 tmux failed. */
export async function spawnCleanup(
  task: string,
  mainRepo: string,
  agent: string | undefined,
): Promise<void> {
  if (agent !== undefined && agent !== 'claude' && agent !== 'codex') {
    throw new StopgateError('usage', `There is no agent ${JSON.stringify(agent)}.`, {
      hint: 'Expected: --agent claude, --agent codex',
    });
  }
  const main = mainTree(mainRepo);
  const { paths, me } = context();
  findWorktree(task, namedWorktrees(main, paths).slice(1), main);
  const self = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
  const command =
    agent === undefined
      ? [...self, 'worktree', 'cleanup', '--ask', '--', task]
      : [agent, cleanupPrompt(task)];
  const pane = await openPane({
    beside: me.pane,
    cwd: main,
    command,
    focus: isTerminal(),
    env: process.env,
  }).catch((error) => {
    if (!(error instanceof StopgateError)) throw error;
    const { code, message, exitCode } = error;
    throw new StopgateError(code, message, { hint: manualSteps(task, main).join('\n'), exitCode });
  });
  print(`cleanup pane ${pane} opened in ${main}`);
}

/** The main working tree that a path names; a linked one, a folder inside and a submodule are none. */
function mainTree(path: string): string {
  const where = isDirectory(path) ? standing(path) : null;
  if (where?.known && !where.value.linked && realpathSync(path) === where.value.main) {
    return where.value.main;
  }
  const found = where?.known
    ? `Its main working tree is ${where.value.main}`
    : (where?.why ?? 'There is no such directory.');
  throw new StopgateError(
    'no-main-repo',
    `${JSON.stringify(path)} is not the main working tree of a repository.`,
    { exitCode: 2, ...(found ? { hint: found } : {}) },
  );
}

function isDirectory(path: string): boolean {
  return path !== '' && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
