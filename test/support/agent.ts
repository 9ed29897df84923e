import { randomUUID } from 'node:crypto';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProcess } from '../../src/owner/process.ts';
import { stopPayload } from './payload.ts';
import type { Scratch } from './scratch.ts';
import type { TmuxServer } from './tmux-server.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('fake-agent.mjs', import.meta.url));
let agents = 0;

/** What a command of an agent gave. `inputError` is what the writer of its stdin met, e.g. `EPIPE`. */
export interface Ran {
  stdout: string;
  stderr: string;
  code: number | null;
  ms: number;
  inputError: string | null;
}

export interface RunOptions {
  /** `null` leaves stdin open and silent. */
  input?: string | null;
  cwd?: string;
  env?: Record<string, string>;
}

/** A session of a host, played by a small program (fake-agent.mjs). */
export interface Agent {
  pid: number;
  sessionId: string;
  host: 'claude' | 'codex';
  env: Record<string, string>;
  /** Runs a command line as the host runs hooks and tools. */
  run(command: string, options?: RunOptions): Promise<Ran>;
  /** Fires a hook command at the end of a turn. */
  stop(command: string, options?: RunOptions): Promise<Ran>;
  /** Goes on as another session of the same process, as `/clear` does. */
  clear(sessionId: string): Promise<Agent>;
  /** Starts an agent of its own, as a shell tool that calls `claude -p` does. */
  child(sessionId: string): Promise<Agent>;
  exit(): Promise<void>;
}

export interface AgentOptions {
  host?: 'claude' | 'codex';
  cwd?: string;
  /** Goes on when its terminal is closed. */
  outlives?: boolean;
}

/** The command that plays a session of a host. */
export function agentCommand(
  socket: string,
  host: 'claude' | 'codex',
  sessionId: string,
): string[] {
  return [process.execPath, program, socket, host, sessionId];
}

/** Starts an agent from the shell of a pane and waits until it serves. */
export async function startAgent(
  place: Scratch,
  server: TmuxServer,
  pane: string,
  sessionId: string,
  { host = 'claude', cwd = place.project, outlives = false }: AgentOptions = {},
): Promise<Agent> {
  const socket = join(place.root, `a${agents++}`);
  const words = agentCommand(socket, host, sessionId).map(quote).join(' ');
  const line = `cd ${quote(cwd)} && ${outlives ? 'FAKE_AGENT_OUTLIVES=1 ' : ''}${words}`;
  await server.type(pane, line);
  return connected(place, socket);
}

/** What an agent says of itself. */
interface Who {
  pid: number;
  session: string;
  host: 'claude' | 'codex';
  env: Record<string, string>;
}

/** Waits for an agent that somebody else starts at `socket`. */
export async function connected(place: Scratch, socket: string): Promise<Agent> {
  const me = await until('the agent to serve', () =>
    request(socket, { do: 'who' }).catch(() => null),
  );
  const { pid, session, host, env } = me as Who;
  const run = (command: string, options: RunOptions = {}) =>
    request(socket, { do: 'run', command, ...options }) as Promise<Ran>;
  return {
    pid,
    sessionId: session,
    host,
    env,
    run,
    stop: (command, options = {}) =>
      run(command, { input: nextStop(session, options.cwd ?? place.project), ...options }),
    clear: async (id) => {
      await request(socket, { do: 'session', id });
      return connected(place, socket);
    },
    child: async (id) => {
      const path = join(place.root, `a${agents++}`);
      await request(socket, { do: 'child', path, id });
      return connected(place, path);
    },
    exit: async () => {
      await request(socket, { do: 'exit' }).catch(() => undefined);
      await until(`process ${pid} to be gone`, () => !isThere(pid));
    },
  };
}

/** Each stop is of another prompt: two calls with one payload are one event, which is answered once. */
function nextStop(session: string, cwd: string): string {
  return stopPayload(session, cwd, { prompt_id: randomUUID() });
}

function request(socket: string, body: object): Promise<object> {
  return new Promise((resolve, reject) => {
    let text = '';
    const connection = createConnection(socket).setEncoding('utf8');
    connection.on('error', reject);
    connection.on('close', () => reject(new Error(`no answer from the agent at ${socket}`)));
    connection.on('data', (more) => {
      text += more;
      if (!text.endsWith('\n')) return;
      const answer = JSON.parse(text);
      if (answer.error) reject(new Error(answer.error));
      else resolve(answer);
      connection.destroy();
    });
    connection.write(`${JSON.stringify(body)}\n`);
  });
}

/** A zombie is gone; the tmux server may be slow to reap it. */
function isThere(pid: number): boolean {
  const info = readProcess(pid);
  return info !== null && !info?.state.startsWith('Z');
}

/** Quotes one word for sh. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
