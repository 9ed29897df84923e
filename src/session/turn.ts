import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isBefore, momentAt } from '../owner/moment.ts';
import { writeQuickly } from '../state/atomic.ts';
import type { StatePaths } from '../state/paths.ts';
import { fileName } from './file-name.ts';
import type { SessionRecord } from './schema.ts';

/**
 * `turns/<session>/` is what the launcher leaves behind of the turns that it answers without Node, as times of empty files:
 * `prompt`, and `stop-<cause>` for a stop that it approved. It answers prompts only while `quiet` is there.
 */
export interface Turn {
  /** Milliseconds of the epoch; `null` when the launcher has answered no prompt. */
  promptedAt: number | null;
  /** The last stop that it approved, and why. */
  stop: { at: number; cause: string } | null;
}

/** Reads what the launcher left of a session. */
export function turnOf(paths: StatePaths, sessionId: string): Turn {
  const dir = paths.turn(fileName(sessionId));
  const stops = namesIn(dir).flatMap((name) => {
    const at = name.startsWith(STOP) ? timeOf(join(dir, name)) : null;
    return at === null ? [] : [{ at, cause: name.slice(STOP.length) }];
  });
  const stop = stops.reduce<Turn['stop']>((a, b) => (a === null || a.at < b.at ? b : a), null);
  return { promptedAt: timeOf(join(dir, 'prompt')), stop };
}

const STOP = 'stop-';

/** Lets the launcher answer the prompts of a session from now on, or has them go to Node again. */
export function setQuiet(paths: StatePaths, sessionId: string, quiet: boolean): void {
  const path = join(paths.turn(fileName(sessionId)), 'quiet');
  if (quiet === existsSync(path)) return;
  if (quiet) writeQuickly(path, '');
  else rmSync(path, { force: true });
}

export function dropTurn(paths: StatePaths, sessionId: string): void {
  rmSync(paths.turn(fileName(sessionId)), { recursive: true, force: true });
}

/** A record as it would be if Node had seen every turn. What is derived is never written. */
export type SeenSession = SessionRecord & { stoppedAt?: string };

/** Adds to a record what the launcher saw since it was written. Pure but for the present moment. */
export function withTurn(record: SessionRecord, { promptedAt, stop }: Turn): SeenSession {
  const stopped = stop === null ? {} : { stoppedAt: new Date(stop.at).toISOString() };
  const at = promptedAt === null ? '' : new Date(promptedAt).toISOString();
  if (promptedAt === null || at <= record.lastActivityAt) return { ...record, ...stopped };
  const seen = momentAt(promptedAt);
  const isLater = record.seenAt === undefined || isBefore(record.seenAt, seen);
  return {
    ...record,
    ...stopped,
    lastActivityAt: at,
    lastEvent: 'UserPromptSubmit',
    ...(isLater ? { seenAt: seen } : {}),
  };
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function timeOf(path: string): number | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? Math.trunc(stat.mtimeMs) : null;
}
