import { shellWord } from './words.ts';

/** What a person types to clean up a worktree from elsewhere, to the letter. */
export function manualSteps(task: string, main: string): string[] {
  const named = taskWords(task);
  return [
    'In a terminal outside the worktree:',
    `  cd ${shellWord(main)}`,
    `  stopgate worktree cleanup ${named}`,
    `  stopgate worktree cleanup --force ${named}`,
  ];
}

/** The command that opens a pane for it. */
export function spawnCommand(task: string, main: string): string {
  return `stopgate worktree spawn-cleanup ${taskWords(task)} ${shellWord(main)}`;
}

/** A task as a command line takes it, one that begins with a dash too. */
export function taskWords(task: string): string {
  return task.startsWith('-') ? `-- ${shellWord(task)}` : shellWord(task);
}
