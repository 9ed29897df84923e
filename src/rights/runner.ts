import { closeSync } from 'node:fs';
import { agentsAbove, isSandbox } from '../owner/agent.ts';
import { callerOf } from '../owner/caller.ts';
import { commandLineOf, type ReadCommandLine } from '../owner/command-line.ts';
import type { ProcessInfo } from '../owner/process.ts';
import { LINE_BYTES, openRegularFile, readAt } from '../state/read-file.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Who has a command run: an agent by its program, or a person in a terminal of their own. */
export type By = 'claude' | 'codex' | 'other' | 'person';

/** Who runs this process, as far as its rights go. */
export interface Runner {
  by: By;
  session: string | null;
  /** A sandbox lies between that agent and us: whatever we start is in it as well. */
  contained: boolean;
}

/** Reads whether a process has given up new privileges for good; `null` where that cannot be told. */
export type ReadNoNewPrivileges = (pid: number | 'self') => boolean | null;

/** Tells who runs this process. Only an agent's sandbox makes it contained, not one around the agent itself. */
export function runnerOf(
  env: Env,
  chain: readonly ProcessInfo[],
  commandLine: ReadCommandLine = commandLineOf,
  noNewPrivileges: ReadNoNewPrivileges = readNoNewPrivileges,
): Runner {
  const { host, sessionId, other } = callerOf(env, chain, commandLine);
  if (other !== null) return { by: 'other', session: null, contained: false };
  if (host === null) return { by: 'person', session: null, contained: false };
  // A subagent of Codex is a thread of its own, with a sandbox of its own.
  const session = (host === 'codex' && env.CODEX_THREAD_ID) || sessionId;
  const contained =
    isContained(env, chain, commandLine, noNewPrivileges) ||
    // An agent that Codex started is in the sandbox of that call, as we are.
    (host === 'claude' && chain.some((info) => isSandbox(info, commandLine)));
  return { by: host, session, contained };
}

function isContained(
  env: Env,
  chain: readonly ProcessInfo[],
  commandLine: ReadCommandLine,
  noNewPrivileges: ReadNoNewPrivileges,
): boolean {
  if (process.platform === 'darwin' && env.CODEX_SANDBOX === 'seatbelt') return true;
  const agent = agentsAbove(chain, commandLine)[0]?.info ?? null;
  const below = agent === null ? chain : chain.slice(0, chain.indexOf(agent));
  if (below.some((info) => isSandbox(info, commandLine) || info.name === 'bwrap')) return true;
  // It is inherited and never given back: what the agent has not, somebody between it and us has set.
  return (
    noNewPrivileges('self') === true && (agent === null || noNewPrivileges(agent.pid) === false)
  );
}

/** Files below /proc have no size: a read says where they end. */
function readNoNewPrivileges(pid: number | 'self'): boolean | null {
  try {
    const { fd } = openRegularFile(`/proc/${pid}/status`);
    const text = readAt(fd, 0, LINE_BYTES).toString('utf8');
    closeSync(fd);
    const value = /^NoNewPrivs:\s*([01])/m.exec(text)?.[1];
    return value === undefined ? null : value === '1';
  } catch {
    return null;
  }
}
