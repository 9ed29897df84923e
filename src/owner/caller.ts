import { currentDir } from '../cwd.ts';
import { MOST_CHARACTERS } from '../hosts/limits.ts';
import { agentAbove, codexAgent, namedByPid } from './agent.ts';
import type { OtherAgent } from './agent-kind.ts';
import { commandLineOf, type ReadCommandLine } from './command-line.ts';
import { type HostId, type Identity, type IdentityInput, identify, withPane } from './identity.ts';
import {
  type AgentProcess,
  ancestors,
  type ProcessInfo,
  processStamp,
  readProcess,
} from './process.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the CLI knows of the program that called it. */
export interface Caller {
  host: HostId | null;
  sessionId: string | null;
  /** The host's process, where one process runs one session. */
  agent: AgentProcess | null;
  /** An agent that stopgate does not support; then all of the above is `null`. */
  other: OtherAgent | null;
}

const NOBODY: Caller = { host: null, sessionId: null, agent: null, other: null };

/** Proves who runs the CLI. An agent that stopgate does not support is named, and has no identity wherever it runs. */
export function lookAtCaller(
  env: Env = process.env,
  cwd = currentDir(),
): { me: Identity; other: OtherAgent | null } {
  const { host, sessionId, agent, other } = callerOf(env, ancestors(process.pid, readProcess));
  const input: IdentityInput = { host, sessionId, cwd, env, pid: process.pid };
  const me = { ...identify(input), agent };
  return { me: other === null ? withPane(me, input) : me, other };
}

/**
 * Tells which agent's shell tool runs the CLI: the nearest known agent above it. Programs below an agent inherit its variables,
 * so a variable counts only for the agent that sets it. Where no agent is above, the variables decide: a command
 * may have been detached from its agent. In a tmux pane they do not: a pane inherits the variables of whoever started its server.
 */
export function callerOf(
  env: Env,
  chain: readonly ProcessInfo[],
  commandLine: ReadCommandLine = commandLineOf,
): Caller {
  const named = namedByPid(chain, Number(env.CLAUDE_PID) || null, commandLine);
  if (named !== null) return claudeAt(named, env);
  const nearest = agentAbove(chain, commandLine);
  if (nearest === null) {
    return chain.some(({ name }) => name.startsWith('tmux')) ? NOBODY : detached(env);
  }
  switch (nearest.kind) {
    case 'claude':
      return claudeAt(nearest.info, env);
    case 'codex':
      return {
        host: 'codex',
        sessionId: codexSession(env),
        agent: codexAgent(chain, commandLine),
        other: null,
      };
    default:
      return { ...NOBODY, other: nearest.kind };
  }
}

/** Its variables name another Claude Code when `CLAUDE_PID` is not this one. */
function claudeAt(info: ProcessInfo, env: Env): Caller {
  const own = !env.CLAUDE_PID || Number(env.CLAUDE_PID) === info.pid;
  const sessionId = own ? idIn(env.CLAUDE_CODE_SESSION_ID) : null;
  return { host: 'claude', sessionId, agent: processStamp(info), other: null };
}

function codexSession(env: Env): string | null {
  return idIn(env.CODEX_SESSION_ID) ?? idIn(env.CODEX_THREAD_ID);
}

/** What other agents set for their shell tools. */
const OTHER_MARKS = [
  'COPILOT_AGENT_SESSION_ID',
  'GEMINI_SESSION_ID',
  'QWEN_CODE_SESSION_ID',
  'CURSOR_AGENT',
];

/** With the variables of several agents nothing tells which of them was the nearest. */
function detached(env: Env): Caller {
  const claude = idIn(env.CLAUDE_CODE_SESSION_ID);
  const codex = codexSession(env);
  if ((claude && codex) || OTHER_MARKS.some((mark) => env[mark])) return NOBODY;
  if (claude) return { ...NOBODY, host: 'claude', sessionId: claude };
  return codex ? { ...NOBODY, host: 'codex', sessionId: codex } : NOBODY;
}

/** The session id that a variable holds; what no host would call a session counts as none. */
function idIn(value: string | undefined): string | null {
  return value && value.length <= MOST_CHARACTERS ? value : null;
}
