import { commandLineOf } from '../owner/command-line.ts';
import type { Role } from './role.ts';

/**
 * The role whose terminal was opened for this session of Codex's shared daemon: its command names the session
 * (`codex resume <session id>`). `null` when none is, or more than one.
 */
export function roleOnTerminal(
  roles: readonly Role[],
  sessionId: string,
  commandLine: (pid: number) => string[] | null = commandLineOf,
): Role | null {
  const [only, ...others] = roles.filter(({ agent }) =>
    commandLine(agent.pid)?.includes(sessionId),
  );
  return only && others.length === 0 ? only : null;
}
