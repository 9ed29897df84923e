import { runsInDaemon } from './agent.ts';
import { type HostId, type Identity, type IdentityInput, identify, withPane } from './identity.ts';
import { ancestors, type ProcessInfo, readProcess } from './process.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The identity of whoever runs the CLI, told from the environment that both hosts give their shell tools. */
export function identifyCaller(env: Env = process.env, cwd = process.cwd()): Identity {
  const chain = ancestors(process.pid, readProcess);
  const input: IdentityInput = { ...hostOf(env, chain), cwd, env, pid: process.pid };
  return withPane(identify(input), input);
}

/**
 * Which host's shell tool this is. An agent started by the other one inherits its variables, so when both are set the
 * nearer process decides. A pane of a tmux server that an agent once started inherits them too: without that agent
 * above it, it is a person's.
 */
export function hostOf(
  env: Env,
  chain: ProcessInfo[],
): { host: HostId | null; sessionId: string | null } {
  const claudePid = Number(env.CLAUDE_PID);
  const claude = env.CLAUDE_CODE_SESSION_ID || null;
  const codex = env.CODEX_SESSION_ID || env.CODEX_THREAD_ID || null;
  const agent = chain.find(({ pid, name }) => pid === claudePid || name === 'codex');
  const inPane = chain.some(({ name }) => name.startsWith('tmux'));
  if (inPane && agent === undefined && !runsInDaemon(chain)) return { host: null, sessionId: null };
  if (codex && (!claude || agent?.name === 'codex')) return { host: 'codex', sessionId: codex };
  if (claude) return { host: 'claude', sessionId: claude };
  return { host: null, sessionId: null };
}
