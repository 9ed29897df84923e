import { shellWord } from './words.ts';

/** What a person types to clean up a worktree from elsewhere, to the letter. */
export function manualSteps(task: string, main: string): string[] {
  const named = task.startsWith('-') ? `-- ${shellWord(task)}` : shellWord(task);
  return [
    'In a terminal outside the worktree:',
    `  cd ${shellWord(main)}`,
    `  stopgate worktree cleanup ${named}`,
    `  stopgate worktree cleanup --force ${named}`,
  ];
}

/** The command that opens a pane for it. */
export function spawnCommand(task: string, main: string): string {
  const dashes = task.startsWith('-') ? '-- ' : '';
  return `stopgate worktree spawn-cleanup ${dashes}${shellWord(task)} ${shellWord(main)}`;
}
