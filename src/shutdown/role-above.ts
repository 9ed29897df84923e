import { isLauncher } from '../owner/agent.ts';
import {
  type AgentProcess,
  ancestors,
  type ReadProcess,
  readProcess,
  sameProcess,
} from '../owner/process.ts';
import { listSessions } from '../session/store.ts';
import type { StatePaths } from '../state/paths.ts';
import { type Role, roleOf } from './role.ts';

/**
 * The role of a host's process: bound to it, or to what started it and is nothing but a starter (a shell, Codex's Node
 * wrapper). What a host starts has no role: no host is a starter, by its name or by its record.
 */
export function roleFor(
  paths: StatePaths,
  agent: AgentProcess,
  read: ReadProcess = readProcess,
): Role | null {
  const own = roleOf(paths, agent);
  if (own !== null) return own;
  const chain = ancestors(agent.pid, read);
  const end = chain.findIndex((above) => roleOf(paths, above) !== null);
  const starters = chain.slice(0, end + 1);
  const bound = starters.at(-1);
  if (bound === undefined || !starters.every((info) => isLauncher(info))) return null;
  if (read(agent.pid)?.start !== agent.start) return null;
  const hosts = listSessions(paths).flatMap((record) => record.agent ?? []);
  const isHost = (one: AgentProcess) => hosts.some((host) => sameProcess(host, one));
  return starters.some(isHost) ? null : roleOf(paths, bound);
}
