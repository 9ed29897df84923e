import { codex } from './clients.ts';
import type { Pane, privateTmux } from './tmux.ts';
import { until } from './until.ts';

/** Opens an interactive Codex in a new pane of this tmux session and waits until it takes a prompt. */
export async function openCodex(
  tmux: ReturnType<typeof privateTmux>,
  session: string,
  ...flags: string[]
): Promise<Pane> {
  return openCodexBy(tmux, session, [codex, ...flags]);
}

/** As {@link openCodex}, by a command of the test's own. */
export async function openCodexBy(
  tmux: ReturnType<typeof privateTmux>,
  session: string,
  command: string[],
): Promise<Pane> {
  const pane = await tmux.open(session, ...command);
  await until('Codex to be ready', async () => (await pane.screen()).includes('for agents'));
  return pane;
}

/** Waits until the turn that gave this answer has ended, and Codex is idle again. */
export async function turnEnded(pane: Pane, answer: string): Promise<void> {
  await until(`"${answer}" and the end of the turn`, async () => {
    const [, rest] = (await pane.screen()).split(`• ${answer}`);
    return rest?.includes('Worked for') ?? false;
  });
}
