import { agentsAbove, claudeAgent, codexAgent, runsInDaemon } from './agent.ts';
import { machineId } from './machine.ts';
import {
  type AgentProcess,
  ancestors,
  type ProcessInfo,
  type ReadProcess,
  readProcess,
} from './process.ts';
import type { PaneStamp } from './stamp.ts';
import { askTmux, type PaneClaim, paneClaim, type TmuxAnswer } from './tmux.ts';

type Env = Readonly<Record<string, string | undefined>>;
export type HostId = 'claude' | 'codex';

/** Who is asking, as far as it is proven. Every `null` means "not known", never "none". */
export interface Identity {
  host: HostId | null;
  sessionId: string | null;
  agent: AgentProcess | null;
  pane: PaneStamp | null;
  /** The pane's tmux session is uncertain: it is shown in several (groups, links). */
  sharedPane: boolean;
  /** No other agent lies between the agent process and the process that tmux started in the pane. */
  outermost: boolean;
  /** Every pane of that server at the time of asking; empty when no server answered. */
  serverPanes: readonly string[];
  machine: string;
  cwd: string;
}

export interface IdentityInput {
  host: HostId | null;
  sessionId: string | null;
  cwd: string;
  env: Env;
  pid: number;
}

/** The effects that an identity is made of; tests put recorded ones in their place. */
export interface IdentityProbes {
  read: ReadProcess;
  ask: (claim: PaneClaim) => TmuxAnswer;
}

const PROBES: IdentityProbes = { read: readProcess, ask: askTmux };

/** Proves what can be told without asking tmux: session id and agent process. */
export function identify(input: IdentityInput, probes: IdentityProbes = PROBES): Identity {
  return {
    host: input.host,
    sessionId: input.sessionId,
    agent: agentOf(input, ancestors(input.pid, probes.read)),
    pane: null,
    sharedPane: false,
    outermost: false,
    serverPanes: [],
    machine: machineId(),
    cwd: input.cwd,
  };
}

/**
 * Adds the pane, when the server confirms the claim of the environment and this process descends from the pane's
 * process. What runs in Codex's shared daemon has no pane: the daemon is a child of the pane that happened to start it. One tmux call, at most 250 ms; without proof the identity comes back as it was.
 */
export function withPane(
  identity: Identity,
  input: IdentityInput,
  probes: IdentityProbes = PROBES,
): Identity {
  const claim = paneClaim(input.env);
  if (claim === null) return identity;
  const answer = probes.ask(claim);
  if (answer.kind === 'failed') return identity;
  const { pane, panePid, shared, allPanes } = answer.facts;
  const chain = ancestors(input.pid, probes.read);
  if (!chain.some(({ pid }) => pid === panePid) || runsInDaemon(chain)) return identity;
  const outermost = isOutermost(identity.agent, chain, panePid);
  return { ...identity, pane, sharedPane: shared, outermost, serverPanes: allPanes };
}

function isOutermost(agent: AgentProcess | null, chain: ProcessInfo[], panePid: number): boolean {
  const mine = chain.findIndex(({ pid }) => pid === agent?.pid);
  const pane = chain.findIndex(({ pid }) => pid === panePid);
  return (
    mine >= 0 &&
    agentsAbove(chain.slice(mine, pane + 1)).every(({ info }) => info.pid === agent?.pid)
  );
}

/** True when some proof of who is asking exists (ladder row 9). */
export function isKnown(identity: Identity): boolean {
  return identity.sessionId !== null || identity.pane !== null || identity.agent !== null;
}

/** `CLAUDE_PID` belongs to the session that is named beside it: a child of Claude Code inherits both. */
function agentOf(
  { host, sessionId, env }: IdentityInput,
  chain: ProcessInfo[],
): AgentProcess | null {
  const { CLAUDE_PID, CLAUDE_CODE_SESSION_ID } = env;
  const isOwn = !CLAUDE_CODE_SESSION_ID || CLAUDE_CODE_SESSION_ID === sessionId;
  if (host === 'claude') return claudeAgent(chain, isOwn ? Number(CLAUDE_PID) || null : null);
  return host === 'codex' ? codexAgent(chain) : null;
}
