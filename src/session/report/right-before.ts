import { lookAtIdle } from '../../idle/facts.ts';
import { obstacleTo } from '../../idle/obstacle.ts';
import type { StatePaths } from '../../state/paths.ts';
import { readSession } from '../store.ts';
import type { World } from './world.ts';

/**
 * Looks at one agent right before it is asked to end: nothing has happened in its session since it was judged, and
 * everything that proved it idle still holds.
 */
export function lookRightBefore(
  paths: StatePaths,
  sessionId: string,
  world: World,
): { idle: boolean; panePid: number | null } {
  const judged = world.records.find((record) => record.sessionId === sessionId);
  const now = readSession(paths, sessionId);
  const isSame =
    judged !== undefined &&
    now?.lastActivityAt === judged.lastActivityAt &&
    now.status === judged.status &&
    now.retained == null;
  if (!isSame) return { idle: false, panePid: null };
  const { facts, pane } = lookAtIdle(judged, null, Date.now());
  return { idle: obstacleTo(facts) === null, panePid: pane?.panePid ?? null };
}
