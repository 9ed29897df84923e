import { claude } from './clients.ts';
import type { Pane, privateTmux } from './tmux.ts';
import { until } from './until.ts';

/**
 * Opens an interactive Claude Code in a new pane of this tmux session, in the project or in `dir`, and waits until it
 * takes a prompt.
 */
export async function openClaude(
  tmux: ReturnType<typeof privateTmux>,
  session: string,
  {
    before = [],
    flags = [],
    dir = '.',
  }: { before?: string[]; flags?: string[]; dir?: string } = {},
): Promise<Pane> {
  const usual = ['--permission-mode', 'manual', '--allowedTools', 'Bash(stopgate:*)'];
  const there = ['/bin/sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', dir];
  const pane = await tmux.open(session, ...there, ...before, claude, ...usual, ...flags);
  await until('Claude to be ready', async () => (await pane.screen()).includes('manual mode on'));
  return pane;
}

/** Waits until the turn that gave this answer has ended, and Claude is idle again. */
export async function turnEnded(pane: Pane, answer: string): Promise<void> {
  await until(`"${answer}" and the end of the turn`, async () => {
    const [, rest] = (await pane.screen()).split(`● ${answer}`);
    return rest?.includes('· done') ?? false;
  });
}
