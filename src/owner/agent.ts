import { readlinkSync } from 'node:fs';
import { type AgentKind, agentKind, isInterpreter } from './agent-kind.ts';
import { commandLineOf, type ReadCommandLine } from './command-line.ts';
import { type AgentProcess, type ProcessInfo, processStamp } from './process.ts';
import { isSeat, isShell, isWrapper } from './wrapper.ts';

/** An agent that is known by its program, and the process that runs it. */
export interface KnownAgent {
  kind: AgentKind;
  info: ProcessInfo;
}

/**
 * Finds the nearest known agent among `chain` (nearest first), or `null`. Whatever runs below it acts for that agent:
 * an unknown program in between is a wrapper.
 */
export function agentAbove(
  chain: readonly ProcessInfo[],
  commandLine: ReadCommandLine = commandLineOf,
): KnownAgent | null {
  for (const info of chain) {
    const kind = agentKind(info, commandLine);
    if (kind !== null) return { kind, info };
  }
  return null;
}

/**
 * Finds every known agent among `chain`, nearest first. What only starts an agent and waits for it (npm's Node script,
 * `stopgate run`, Codex's sandbox) is part of that agent.
 */
export function agentsAbove(
  chain: readonly ProcessInfo[],
  commandLine: ReadCommandLine = commandLineOf,
  isNode: (pid: number) => boolean = runsNode,
): KnownAgent[] {
  const agents: KnownAgent[] = [];
  let below: { kind: AgentKind; at: number } | null = null;
  for (const [at, info] of chain.entries()) {
    const kind = agentKind(info, commandLine);
    if (kind === null || isSandbox(info, commandLine)) continue;
    const isParent: boolean = below?.kind === kind && below.at === at - 1;
    const starts = isParent && (isNode(info.pid) || isInterpreter(firstWord(info, commandLine)));
    if (!starts) agents.push({ kind, info });
    below = { kind, at };
  }
  return agents;
}

/**
 * Finds the process of the Claude Code that runs a hook: the one that `CLAUDE_PID` names, when no other agent lies between,
 * else the program that ran the registered command. A child of Claude Code inherits the variable.
 */
export function claudeAgent(
  chain: readonly ProcessInfo[],
  claudePid: number | null,
  commandLine: ReadCommandLine = commandLineOf,
): AgentProcess | null {
  return pick(namedByPid(chain, claudePid, commandLine) ?? callingProgram(chain));
}

/** Finds the process that `CLAUDE_PID` names among `chain`; `null` when another agent lies between, or it is no agent. */
export function namedByPid(
  chain: readonly ProcessInfo[],
  claudePid: number | null,
  commandLine: ReadCommandLine = commandLineOf,
): ProcessInfo | null {
  const at = chain.findIndex(({ pid }) => pid === claudePid);
  const named = chain[at];
  if (named === undefined || isWrapper(named.name) || isSeat(named.name)) return null;
  return agentAbove(chain.slice(0, at), commandLine) === null ? named : null;
}

/**
 * Finds the process of the Codex session that runs a hook or a tool. The answer is `null` where one process may hold several
 * sessions: the shared daemon, any other app server (docs/hosts.md, The shared daemon).
 */
export function codexAgent(
  chain: readonly ProcessInfo[],
  commandLine: ReadCommandLine = commandLineOf,
): AgentProcess | null {
  const outside = chain.filter((info) => !isSandbox(info, commandLine));
  const nearest = agentAbove(outside, commandLine);
  if (nearest?.kind === 'codex') {
    return holdsSessions(nearest.info, commandLine) ? null : pick(nearest.info);
  }
  return runsInDaemon(chain, commandLine) ? null : pick(callingProgram(outside));
}

/**
 * Finds the program that ran the registered command of a hook: the nearest ancestor that is no shell and no wrapper.
 * Node counts as the program: several agents are Node scripts.
 */
export function callingProgram(chain: readonly ProcessInfo[]): ProcessInfo | null {
  const nearest = chain.find(({ name }) => !isWrapper(name));
  return nearest && nearest.pid > 1 && !isSeat(nearest.name) ? nearest : null;
}

/**
 * True when an ancestor is a Codex that several sessions may share, the daemon or an app server, or one that cannot be
 * told from it: what is taken for one session's process would speak for every session.
 */
export function runsInDaemon(
  chain: readonly ProcessInfo[],
  commandLine: ReadCommandLine = commandLineOf,
): boolean {
  return chain.some((info) => holdsSessions(info, commandLine));
}

/** The daemon or app server among the ancestors; `null` when none is known to be one. */
export function daemonOf(
  chain: readonly ProcessInfo[],
  commandLine: ReadCommandLine = commandLineOf,
): ProcessInfo | null {
  return chain.find((info) => commandLine(info.pid) && holdsSessions(info, commandLine)) ?? null;
}

/** True for a Codex that serves other programs, and for one whose command line cannot be read. */
function holdsSessions(info: ProcessInfo, commandLine: ReadCommandLine): boolean {
  const words = commandLine(info.pid);
  if (words === null) return info.name.startsWith('codex');
  if (words.includes('--managed-daemon')) return true;
  return words.includes('app-server') && agentKind(info, () => words) === 'codex';
}

/** True for the process that Codex puts around a sandboxed command. It is a `codex` by its binary. */
export function isSandbox(
  info: ProcessInfo,
  commandLine: ReadCommandLine = commandLineOf,
): boolean {
  return firstWord(info, commandLine).endsWith('codex-linux-sandbox');
}

/** True where the binary itself is Node: a title that a script gave itself hides that from the command line. */
function runsNode(pid: number): boolean {
  try {
    return isInterpreter(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return false;
  }
}

function firstWord({ pid }: ProcessInfo, commandLine: ReadCommandLine): string {
  return commandLine(pid)?.[0] ?? '';
}

/** True for the program that npm puts before a host: `node …/bin/codex`. */
export function isHostStarter(
  info: ProcessInfo,
  commandLine: ReadCommandLine = commandLineOf,
): boolean {
  const kind = agentKind(info, commandLine);
  return (kind === 'claude' || kind === 'codex') && isInterpreter(firstWord(info, commandLine));
}

/** Node and bun, by the names that the kernel gives their main threads. */
const INTERPRETERS = new Set(['node', 'MainThread', 'bun']);

/** True for what starts other programs and is no agent itself, as far as its name and its script tell. */
export function isLauncher(
  info: ProcessInfo,
  commandLine: ReadCommandLine = commandLineOf,
): boolean {
  if (isShell(info.name) || info.name.startsWith('npm exec')) return true;
  if (!INTERPRETERS.has(info.name)) return false;
  return agentKind(info, commandLine) === null || isHostStarter(info, commandLine);
}

function pick(info: ProcessInfo | null): AgentProcess | null {
  return info ? processStamp(info) : null;
}
