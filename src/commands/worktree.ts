import { Command } from 'commander';
import { StopgateError } from '../errors.ts';
import { type CleanupFlags, cleanupWorktree } from './worktree/cleanup.ts';
import { spawnCleanup } from './worktree/spawn.ts';

/** `stopgate worktree …`: flags only; what each one does is in `commands/worktree/`. */
export function worktreeCommand(): Command {
  const worktree = new Command('worktree');

  worktree
    .command('cleanup [task]')
    .description('report which worktrees may go, and remove those that are proven finished')
    .option('--force', 'remove what may go')
    .option('--dry-run', 'only report, whatever else is said')
    .option('--branch', 'its branch as well')
    .option('--ask', 'ask in this terminal before anything is removed')
    .option('--json', 'for programs')
    .action((task: string | undefined, flags: CleanupFlags) => cleanupWorktree(task, flags));

  const spawn = worktree
    .command('spawn-cleanup <task> <main-repo>')
    .description('open a tmux pane beside this one that runs the cleanup and shows the result')
    .option('--agent <host>', 'have an agent do it there: claude or codex')
    .addHelpText(
      'after',
      '\nExit codes: 0 pane spawned, 1 bad arguments, 2 main repo not found, 3 tmux failed.',
    )
    .action((task: string, main: string, flags: { agent?: string }) =>
      spawnCleanup(task, main, flags.agent),
    );
  spawn.error = (message: string): never => {
    throw new StopgateError('usage', message.replace(/^error: /, ''), {
      hint: `usage: stopgate worktree spawn-cleanup ${spawn.usage()}`,
    });
  };
  return worktree;
}
