import { spawn } from 'node:child_process';

/** A server that is well answers within a few milliseconds; one that hangs is given up after this. */
export const TMUX_MS = 3_000;

export type TmuxTrouble = 'timeout' | 'no-server' | 'refused' | 'no-tmux';
export type TmuxReply =
  | { kind: 'answer'; stdout: string }
  | { kind: 'failed'; why: TmuxTrouble; detail: string };

/** What tmux says when nobody listens on a socket; every other failure says nothing about that. */
const NO_SERVER =
  /no server running on|error connecting to .*\((No such file or directory|Connection refused)\)/;

/** Who the caller is and where: a server that is started by this call must not hand it to every pane. */
const CALLERS =
  /^(TMUX|TMUX_PANE|CLAUDECODE|CLAUDE_PID|CLAUDE_CODE_\w+|CODEX_(SESSION|THREAD)_ID)$/;

/**
 * Runs tmux commands on one server, bounded. A client that is ended for being late is ended by SIGKILL, and by our own
 * flag: ended gently it reports success and no output (docs/hosts.md, tmux).
 */
export function callTmux(
  socket: string,
  args: readonly string[],
  ms: number = TMUX_MS,
  cwd?: string,
): Promise<TmuxReply> {
  const client = spawn('tmux', ['-u', '-S', socket, ...args], {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !CALLERS.test(name))),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  client.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  client.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      client.kill('SIGKILL');
      client.stdout.destroy();
      client.stderr.destroy();
    }, ms);
    const settle = (reply: TmuxReply) => {
      clearTimeout(timer);
      resolve(reply);
    };
    client.once('error', (error) => {
      settle({ kind: 'failed', why: 'no-tmux', detail: error.message });
    });
    client.once('close', (code) => {
      if (late) return settle({ kind: 'failed', why: 'timeout', detail: `no answer in ${ms} ms` });
      if (code === 0) return settle({ kind: 'answer', stdout });
      const detail = stderr.trim() || `exit code ${code}`;
      settle({ kind: 'failed', why: NO_SERVER.test(detail) ? 'no-server' : 'refused', detail });
    });
  });
}
