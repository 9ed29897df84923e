import type { HostId } from '../owner/identity.ts';
import type { Request } from './request.ts';

type Told = Pick<Request, 'host' | 'role' | 'tool' | 'state' | 'toldAt'>;

/**
 * The reason that a record keeps of a session that ended: that stopgate ended it, that this is not known (it was going
 * to, and whoever did it was cut off), or `null`, when somebody else did. `said` is what the host gave as its reason. Pure.
 */
export function exitReasonOf(request: Told, said: string | null): string | null {
  if (request.state !== 'ending' || isPersons(request.host, said)) return null;
  const ours = `shutdown-after-idle: role ${request.role}, tool ${request.tool}`;
  return request.toldAt ? ours : `not known, perhaps ${ours}`;
}

/** What Claude Code says of ends that a person brings about; SIGTERM is `other` (docs/hosts.md). */
const PERSONS = new Set(['prompt_input_exit', 'clear', 'resume', 'logout']);

/** Codex gives one reason for every end. */
function isPersons(host: HostId, said: string | null): boolean {
  return host === 'claude' && PERSONS.has(said ?? '');
}
