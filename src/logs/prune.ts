import { rmSync } from 'node:fs';
import { onLedger } from '../cleanup/ledger.ts';
import type { Outcome } from '../cleanup/words.ts';
import { StopgateError } from '../errors.ts';
import { fileName } from '../session/file-name.ts';
import { readRegistry } from '../session/registry.ts';
import { assertHeld } from '../state/held.ts';
import { jsonNames } from '../state/json-file.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';
import { findLogs, judgeLog, type LogFile, type Recorded, stampOf } from './unreferenced.ts';

const LOCK_MS = 2_000;

export interface PrunedLog {
  log: LogFile;
  outcome: Outcome;
}

/** Tells, and with `force` removes, every log of ours in which nothing that is recorded is named. */
export async function pruneLogs(
  paths: StatePaths,
  options: { olderThanMs: number | null; force: boolean },
): Promise<PrunedLog[]> {
  const recorded = recordedNow(paths);
  const judge = (log: LogFile, now: Recorded) =>
    judgeLog(log, now, { now: Date.now(), olderThanMs: options.olderThanMs });
  const pruned: PrunedLog[] = [];
  for (const log of findLogs(paths, recorded)) {
    const outcome = judge(log, recorded);
    const isDue = options.force && outcome.verdict === 'would_delete';
    pruned.push({ log, outcome: isDue ? await remove(log) : outcome });
  }
  return pruned;

  /** A log may have been rotated, and a session recorded, since the first look. */
  async function remove({ path }: LogFile): Promise<Outcome> {
    const recordedAgain = recordedNow(paths);
    const again = findLogs(paths, recordedAgain).find((log) => log.path === path);
    if (again === undefined) return { verdict: 'refused', reason: 'disappeared' };
    const outcome = judge(again, recordedAgain);
    if (outcome.verdict !== 'would_delete') return outcome;
    const action = { do: 'delete-log', path };
    const done = await onLedger(paths, action, async () => removeSame(again), String);
    return done === 'deleted' ? { verdict: done } : { verdict: 'refused', reason: done };
  }
}

/**
 * While the log's own lock is held nothing rotates it, so the path means what was looked at. What another process holds
 * just now is refused, and the rest goes on.
 */
function removeSame({ path, inode }: LogFile): 'deleted' | 'identity-changed' | 'locked' {
  try {
    return withLock(`${path.replace(/\.\d+$/, '')}.lock`, LOCK_MS, () => {
      if (stampOf(path).inode !== inode) return 'identity-changed';
      assertHeld();
      rmSync(path);
      return 'deleted';
    });
  } catch (error) {
    if (error instanceof StopgateError && error.code === 'locked') return 'locked';
    throw error;
  }
}

function recordedNow(paths: StatePaths): Recorded {
  const { records, launches, buildsKnown, unreadable } = readRegistry(paths);
  const sessions = records.flatMap(({ sessionId }) => [sessionId, fileName(sessionId)]);
  const names = [...sessions, ...launches.map(({ mark }) => mark), ...jsonNames(paths.builds)];
  return { names: new Set(names), whole: buildsKnown && unreadable.length === 0 };
}
