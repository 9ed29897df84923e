import { execa } from 'execa';
import type { Scratch } from './scratch.ts';
import type { Pane, privateTmux } from './tmux.ts';

/** What a report says of one item. */
export interface Reported {
  class: string;
  keptBy: string | null;
  why: string[];
  evidence: { name?: string; record?: { sessionId: string }; records?: { sessionId: string }[] };
}

/** Runs `stopgate …` beside the sessions of a private tmux server, as a person in one of its panes would. */
export function besides(place: Scratch, tmux: ReturnType<typeof privateTmux>) {
  const run = async (...args: string[]) => {
    const format = '#{socket_path},#{pid},0';
    const { stdout: TMUX } = await tmux.run('display-message', '-p', format);
    const env = { ...place.env, TMUX, TMUX_TMPDIR: place.root };
    return execa('stopgate', args, { cwd: place.project, env, extendEnv: false, timeout: 60_000 });
  };
  return {
    run,
    /** Starts a command in a tmux session of ours. */
    async launch(name: string, ...command: string[]): Promise<Pane> {
      await run('run', '--tmux', name, '--', ...command);
      const { stdout } = await tmux.run('list-panes', '-t', `=${name}:`, '-F', '#{pane_id}');
      const pane = (await tmux.panes()).find(({ id }) => id === stdout.trim());
      if (pane === undefined) throw new Error(`expected the pane of ${name}, found ${stdout}`);
      return pane;
    },
    /** What the report says of one tmux session, by its name. */
    async reported(name: string): Promise<Reported | undefined> {
      const { stdout } = await run('session', 'report', '--json');
      const items = JSON.parse(stdout).items as Reported[];
      return items.find(({ evidence }) => evidence.name === name);
    },
    async sessions(): Promise<string[]> {
      return (await tmux.run('list-sessions', '-F', '#{session_name}')).stdout.split('\n');
    },
  };
}
