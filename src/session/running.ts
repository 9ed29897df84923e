import { machineId } from '../owner/machine.ts';
import { livenessOf } from '../owner/process.ts';
import type { StatePaths } from '../state/paths.ts';
import type { SessionRecord } from './schema.ts';
import { listSessions } from './store.ts';

/** The sessions that did not end and whose process is not proven gone; one of another machine never is. */
export function runningSessions(paths: StatePaths): SessionRecord[] {
  const here = machineId();
  return listSessions(paths).filter(
    ({ status, machine, agent }) =>
      status === 'live' && (machine !== here || livenessOf(agent) !== 'dead'),
  );
}
