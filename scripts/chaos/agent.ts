import { type ChildProcess, spawn } from 'node:child_process';
import type { HostId } from '../../src/owner/identity.ts';

/** One run of a command line as a host runs its hooks and tools. */
export interface Call {
  command: string;
  /** What the host writes to stdin; nothing when left out. */
  input?: string | Uint8Array;
  /** Writes the input in so many pieces, a moment apart. */
  pieces?: number;
  /** Leaves stdin open behind the input. */
  open?: boolean;
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
  /** kill -9 after so many milliseconds: the whole process group, or the Node in it alone. */
  kill?: { afterMs: number; whom: 'group' | 'node' };
}

export interface Called {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  ms: number;
  /** It had to be ended because it did not end by itself. */
  timedOut: boolean;
  killed: boolean;
  /** The most memory that one of its processes was seen to hold; 0 when it was over before anybody looked. */
  rssKb: number;
  /** What the host met while writing, e.g. `EPIPE`. */
  inputError: string | null;
  /** The command lines of what it left running. */
  left: string[];
}

/** Who calls: a session of a host, or a person at a shell. */
export type Player = HostId | 'person';

/** A process that plays a session (agent.mjs). */
export interface Agent {
  readonly host: Player;
  readonly session: string;
  /** Its pid as it sees it itself, and as this program does. */
  readonly pid: number;
  readonly outerPid: number;
  call(call: Call): Promise<Called>;
  end(): Promise<void>;
}

/** How long a call may take before it counts as hanging: no host waits longer for one of our hooks. */
const TIMEOUT_MS = 30_000;

/** Starts an agent by a command that ends in `node agent.mjs host session`. */
export async function startAgent(
  [file = '', ...args]: readonly string[],
  { host, session }: { host: Player; session: string },
  options: { cwd: string; env: Record<string, string>; uid?: number },
): Promise<Agent> {
  const { uid, cwd, env } = options;
  const child = spawn(file, args, {
    cwd,
    env,
    ...(uid === undefined ? {} : { uid, gid: uid }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const waiting = new Map<number, (ran: Called) => void>();
  const ended = new Promise<void>((done) => child.on('exit', () => done()));
  const pid = await firstMessage(child, waiting);
  let calls = 0;
  return {
    host,
    session,
    pid,
    outerPid: child.pid ?? 0,
    call: (call) => {
      const id = calls++;
      const ran = new Promise<Called>((done) => waiting.set(id, done));
      child.send({ id, call: asSent(call, cwd) });
      return Promise.race([ran, ended.then(() => Promise.reject(new Error('the agent is gone')))]);
    },
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function asSent(call: Call, cwd: string): object {
  const bytes = Buffer.from((call.input ?? '') as string);
  const size = Math.max(1, Math.ceil(bytes.length / (call.pieces ?? 1)));
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  const { command, open = false, env = {}, timeoutMs = TIMEOUT_MS, kill = null } = call;
  const gapMs = call.pieces === undefined ? 0 : 20;
  return { command, pieces, gapMs, open, cwd: call.cwd ?? cwd, env, timeoutMs, kill };
}

function firstMessage(child: ChildProcess, waiting: Map<number, (ran: Called) => void>) {
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the agent ended with ${code} before it served`)));
    child.on('message', (message: { pid?: number; id?: number; ran?: Called }) => {
      if (message.pid !== undefined) return resolve(message.pid);
      const { id = -1, ran } = message;
      waiting.get(id)?.(ran as Called);
      waiting.delete(id);
    });
  });
}
