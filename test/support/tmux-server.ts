import { execa } from 'execa';
import { livenessOf, readProcess } from '../../src/owner/process.ts';
import type { Scratch } from './scratch.ts';
import { until } from './until.ts';

/** A tmux server that only its maker knows. */
export interface TmuxServer {
  /** Runs one tmux command on it and returns what it prints. */
  ask(...args: string[]): Promise<string>;
  /** Opens a session that runs a shell and returns its first pane. */
  session(name: string, env?: Record<string, string>): Promise<string>;
  /** Opens a further pane beside `pane`. */
  split(pane: string): Promise<string>;
  /** Types a command line into the shell of `pane`. */
  type(pane: string, line: string): Promise<void>;
  pid(): Promise<number>;
  stop(): Promise<void>;
}

const PANE = ['-d', '-P', '-F', '#{pane_id}'];
let servers = 0;

/** A private server (own `-L` name, no configuration), started by its first session. */
export function tmuxServer(place: Scratch, name = `sg${process.pid}-${servers++}`): TmuxServer {
  const ask = async (...args: string[]) => {
    const { stdout } = await execa('tmux', ['-u', '-f', '/dev/null', '-L', name, ...args], {
      cwd: place.project,
      env: place.env,
      extendEnv: false,
      stdin: 'ignore',
      timeout: 10_000,
      killSignal: 'SIGKILL',
    });
    return stdout;
  };
  return {
    ask,
    session: (session, env = {}) => {
      const variables = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      const size = ['-x', '200', '-y', '50'];
      return ask('new-session', ...PANE, ...variables, ...size, '-s', session, '/bin/sh');
    },
    split: (pane) => ask('split-window', ...PANE, '-t', pane, '/bin/sh'),
    type: async (pane, line) => {
      await ask('send-keys', '-t', pane, '-l', line);
      await ask('send-keys', '-t', pane, 'Enter');
    },
    pid: async () => Number(await ask('display-message', '-p', '#{pid}')),
    stop: async () => {
      const pid = Number(await ask('display-message', '-p', '#{pid}').catch(() => ''));
      const server = (pid > 0 && readProcess(pid)) || null;
      await ask('kill-server').catch(() => undefined);
      // The socket is there until the server is gone, and a new one would die with it.
      if (server) await until('the tmux server to be gone', () => livenessOf(server) === 'dead');
    },
  };
}
