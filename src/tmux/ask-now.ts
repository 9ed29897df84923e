import type { TmuxTrouble } from './call.ts';

/** What one call came to, for who cannot wait for it otherwise. */
export type NowReply =
  | { kind: 'answer'; stdout: string }
  | { kind: 'failed'; why: Exclude<TmuxTrouble, 'no-server'> };

const TMUX_MS = 1_000;

/** As `callTmux`, synchronously, and in what a hook loads. A server that hangs may carry out later what was `timeout`. */
export function askNow(socket: string, args: readonly string[], ms = TMUX_MS): NowReply {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const ran = spawnSync('tmux', ['-u', '-S', socket, ...args], {
    encoding: 'utf8',
    timeout: ms,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { code } = (ran.error ?? {}) as NodeJS.ErrnoException;
  if (ran.signal !== null || code === 'ETIMEDOUT') return { kind: 'failed', why: 'timeout' };
  if (ran.error) return { kind: 'failed', why: 'no-tmux' };
  return ran.status === 0
    ? { kind: 'answer', stdout: ran.stdout }
    : { kind: 'failed', why: 'refused' };
}
