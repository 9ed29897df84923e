import type { PendingEnd } from '../shutdown/report.ts';
import { table } from './table.ts';

/** The workers that handed off and are still there, for a person. */
export function endLines(ends: readonly PendingEnd[]): string[] {
  const rows = ends.map(({ session, role, pid, attempts, givenUp, reason, state }) => [
    session,
    role,
    String(pid ?? '-'),
    `${attempts}${givenUp ? ', given up' : ''}`,
    reason ?? state,
  ]);
  return [
    'workers that handed off and are still there:',
    ...table(['session', 'role', 'pid', 'failed', 'why'], rows),
  ];
}
