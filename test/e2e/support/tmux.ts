import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import type { Scratch } from './scratch.ts';
import { until } from './until.ts';

/** A pane whose screen a test reads and types into. */
export interface Pane {
  id: string;
  screen(): Promise<string>;
  /** Presses one key. */
  press(key: string): Promise<void>;
  /** Types a line and submits it, leaving the gap that terminal programs need before Enter. */
  enter(line: string): Promise<void>;
}

/** Starts a tmux server of the test's own; it is gone after the test. */
export function privateTmux(place: Scratch, env: Record<string, string>) {
  const name = `sg-e2e-${process.pid}-${Date.now()}`;
  const tmux = (...args: string[]) =>
    execa('tmux', ['-u', '-f', '/dev/null', '-L', name, ...args], {
      cwd: place.project,
      env: { ...place.env, ...env, TMUX_TMPDIR: place.root },
      extendEnv: false,
      timeout: 10_000,
    });
  onTestFinished(async () => {
    await tmux('kill-server').catch(() => undefined);
  });

  /** Runs a command in a new window of this tmux session, which it starts when there is none. */
  async function open(session: string, ...command: string[]): Promise<Pane> {
    const format = ['-d', '-P', '-F', '#{pane_id}'];
    const { stdout } = (await exists(session))
      ? await tmux('new-window', ...format, '-t', `=${session}:`, ...command)
      : await tmux('new-session', ...format, '-s', session, '-x', '140', '-y', '40', ...command);
    return paneOf(stdout.trim());
  }

  function exists(session: string): Promise<boolean> {
    return tmux('has-session', '-t', `=${session}`).then(
      () => true,
      () => false,
    );
  }

  function paneOf(id: string): Pane {
    const screen = async () => (await tmux('capture-pane', '-p', '-J', '-t', id)).stdout;
    return {
      id,
      screen,
      press: async (key) => {
        await tmux('send-keys', '-t', id, key);
      },
      async enter(line) {
        await tmux('send-keys', '-t', id, '-l', line);
        await until(`"${line}" on the screen`, async () => (await screen()).includes(line));
        await new Promise((done) => setTimeout(done, 400));
        await tmux('send-keys', '-t', id, 'Enter');
      },
    };
  }

  /** Every pane there is. */
  async function panes(): Promise<Pane[]> {
    const { stdout } = await tmux('list-panes', '-a', '-F', '#{pane_id}');
    return stdout.split('\n').map(paneOf);
  }

  /** Starts a session that outlives every other one, so that the server does. */
  async function keep(): Promise<void> {
    await tmux('new-session', '-d', '-s', 'keeper', 'sleep 600');
    await tmux('set-option', '-g', 'default-size', '140x40');
  }

  return { open, panes, keep, run: tmux };
}
