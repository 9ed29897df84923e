import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Outcome } from '../cleanup/words.ts';
import { messageOf } from '../errors.ts';
import { jsonNames, namesIn } from '../state/json-file.ts';
import type { StatePaths } from '../state/paths.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';

/** What a log can be: a rotated part of one, or the bound of one session's blocks in its last hour. */
export interface LogFile {
  kind: 'rotated' | 'blocks';
  path: string;
  modifiedAt: number;
  /** Which file it is: a rotation gives another one its path. */
  inode: number;
  /** A record or build that is named in it. */
  namedIn: string | null;
  /** Why it cannot be read. */
  trouble: string | null;
}

/** Everything that is still recorded, by every name that a log may call it. */
export interface Recorded {
  names: ReadonlySet<string>;
  /** False when something recorded cannot be read: then nothing is known to be named nowhere. */
  whole: boolean;
}

/** A block counts for an hour (src/gate/hourly.ts). */
const HOUR_MS = 60 * 60_000;

/**
 * Finds every log of ours that could be unreferenced. A log that is written now (`*.jsonl`) is never among them, nor is
 * what a person has annotated.
 */
export function findLogs(paths: StatePaths, { names }: Recorded): LogFile[] {
  const logs = new Set(
    [paths.gateLog, paths.shutdownLog, paths.cleanupLog].map((p) => basename(p)),
  );
  const isRotated = (name: string) => /\.\d+$/.test(name) && logs.has(name.replace(/\.\d+$/, ''));
  const rotated = namesIn(paths.events).filter(isRotated);
  const blocks = jsonNames(join(paths.root, 'runtime', 'blocks'));
  return [
    ...rotated.map((name) => rotatedLog(join(paths.events, name), names)),
    ...blocks.map((name) => blocksLog(paths.blocks(name), names.has(name) ? name : null)),
  ];
}

/** What may become of one log. Pure. */
export function judgeLog(
  log: LogFile,
  { whole }: Pick<Recorded, 'whole'>,
  { now, olderThanMs }: { now: number; olderThanMs: number | null },
): Outcome {
  if (log.trouble !== null) return { verdict: 'refused', reason: 'liveness-uncertain' };
  if (log.namedIn !== null) return { verdict: 'kept', reason: 'retained' };
  const age = now - log.modifiedAt;
  if (olderThanMs !== null && !(age > olderThanMs))
    return { verdict: 'kept', reason: 'newer-than-threshold' };
  if (log.kind === 'blocks' && !(age > HOUR_MS)) return { verdict: 'kept', reason: 'live' };
  if (!whole) return { verdict: 'refused', reason: 'liveness-uncertain' };
  return { verdict: 'would_delete' };
}

/** One line that says what a log is and why it stays or goes. */
export function logText({ path, namedIn, trouble }: LogFile): string {
  if (trouble !== null) return `${path}: ${trouble}`;
  return `${path}: ${namedIn === null ? 'nothing recorded is named in it' : `names ${namedIn}`}`;
}

function blocksLog(path: string, namedIn: string | null): LogFile {
  return { ...stampOf(path), kind: 'blocks', namedIn, trouble: strangeness(path) };
}

function rotatedLog(path: string, names: ReadonlySet<string>): LogFile {
  const common = { ...stampOf(path), kind: 'rotated' as const };
  const trouble = strangeness(path);
  if (trouble !== null) return { ...common, namedIn: null, trouble };
  try {
    const text = readText(path, STATE_BYTES, 'own');
    return { ...common, namedIn: firstNamed(text, names), trouble: null };
  } catch (error) {
    return { ...common, namedIn: null, trouble: messageOf(error) };
  }
}

/** Nothing of ours is ever a link, a directory or a pipe there. */
function strangeness(path: string): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || stat.isFile() ? null : 'it is not a regular file';
}

/** Any word of ours in any place counts, a line that a crash cut short included. */
function firstNamed(text: string, names: ReadonlySet<string>): string | null {
  for (const [, word = ''] of text.matchAll(/"((?:[^"\\]|\\.)*)"?/g))
    if (names.has(word)) return word;
  return null;
}

export function stampOf(path: string): Pick<LogFile, 'path' | 'modifiedAt' | 'inode'> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return { path, modifiedAt: stat?.mtimeMs ?? Number.NaN, inode: stat?.ino ?? Number.NaN };
}
