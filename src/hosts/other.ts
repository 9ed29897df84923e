import { agentAbove, callingProgram, namedByPid } from '../owner/agent.ts';
import { agentKind, type OtherAgent } from '../owner/agent-kind.ts';
import { commandLineOf, type ReadCommandLine } from '../owner/command-line.ts';
import type { ProcessInfo } from '../owner/process.ts';
import { MOST_CHARACTERS } from './limits.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Names the agent that called a hook without being one of our hosts, or `null`. Several read Claude Code's settings files
 * (docs/hosts.md, Other hosts). The programs above the hook decide; the payload decides where no known agent called.
 */
export function otherCaller(
  payload: unknown,
  chain: readonly ProcessInfo[],
  env: Env,
  commandLine: ReadCommandLine = commandLineOf,
): OtherAgent | null {
  if (isClaudes(payload, chain, env, commandLine)) return null;
  const kind = agentAbove(chain, commandLine)?.kind ?? null;
  if (kind !== null && kind !== 'claude' && kind !== 'codex') return kind;
  const program = callingProgram(chain);
  const calledByHost = program !== null && agentKind(program, commandLine) !== null;
  return calledByHost ? null : otherPayload(payload);
}

/** True for Claude Code under any name: its variables name this session, and no other agent lies between. */
function isClaudes(
  payload: unknown,
  chain: readonly ProcessInfo[],
  env: Env,
  commandLine: ReadCommandLine,
): boolean {
  const session = env.CLAUDE_CODE_SESSION_ID;
  if (!session || sessionOf(payload) !== session) return false;
  return namedByPid(chain, Number(env.CLAUDE_PID) || null, commandLine) !== null;
}

/** The session that a payload names, whichever agent sent it; `null` where it names none. */
export function sessionOf(payload: unknown): string | null {
  const { session_id, conversation_id } = keysOf(payload);
  const session = session_id ?? conversation_id;
  const isName = typeof session === 'string' && session !== '';
  return isName && session.length <= MOST_CHARACTERS ? session : null;
}

/** Keys that neither Claude Code nor Codex sends. */
function otherPayload(payload: unknown): OtherAgent | null {
  const keys = keysOf(payload);
  if ('cursor_version' in keys || 'conversation_id' in keys) return 'cursor';
  if ('prompt_response' in keys || /^(After|Before)/.test(String(keys.hook_event_name)))
    return 'gemini';
  return isCopilots(keys) ? 'copilot' : null;
}

/** Copilot sends the time with every event, a transcript at Stop only, and never a prompt's id. */
function isCopilots(keys: Record<string, unknown>): boolean {
  if (!('timestamp' in keys) || 'prompt_id' in keys || 'turn_id' in keys) return false;
  return 'stop_reason' in keys || !('transcript_path' in keys);
}

function keysOf(payload: unknown): Record<string, unknown> {
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
}
