import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncDirectory, writeAtomic } from '../state/atomic.ts';
import { assertHeld } from '../state/held.ts';
import {
  peekState,
  readState,
  serializeState,
  type Versioned,
  valueIn,
  valuesIn,
} from '../state/json-file.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';
import { fileName } from './file-name.ts';
import { SESSION_SCHEMA, type SessionRecord, sessionSchema } from './schema.ts';
import { dropTurn, type SeenSession, turnOf, withTurn } from './turn.ts';

export const AS_SESSION: Versioned<SessionRecord> = {
  version: SESSION_SCHEMA,
  schema: sessionSchema,
};

/**
 * The record of a session with what the launcher saw of it since (src/session/turn.ts), or `null` when there is none that
 * this version can read.
 */
export function readSession(paths: StatePaths, sessionId: string): SeenSession | null {
  const record = valueIn(paths.session(fileName(sessionId)), AS_SESSION);
  return record && seen(paths, record);
}

/** Every record that this version can read, each as {@link readSession} gives it. */
export function listSessions(paths: StatePaths): SeenSession[] {
  return valuesIn(paths.sessions, AS_SESSION).map((record) => seen(paths, record));
}

/** A record with what the launcher saw of its session since it was written. */
export function seen(paths: StatePaths, record: SessionRecord): SeenSession {
  return withTurn(record, turnOf(paths, record.sessionId));
}

/**
 * Changes one record while no other process can, and returns it; a record of a newer schema is left alone, and `null`
 * comes back.
 */
export function updateSession(
  paths: StatePaths,
  sessionId: string,
  waitMs: number,
  edit: (before: SessionRecord | null) => SessionRecord,
): SessionRecord | null {
  const name = fileName(sessionId);
  return withLock(join(paths.locks, `session-${name}.lock`), waitMs, () => {
    const found = readState(paths.session(name), AS_SESSION);
    if (found.kind === 'newer') return null;
    const after = edit(found.kind === 'value' ? found.value : null);
    writeAtomic(paths.session(name), serializeState(after));
    return after;
  });
}

/** Changes a record that is there; one that cannot be read is left alone. False when there was none to change. */
export function changeSession(
  paths: StatePaths,
  sessionId: string,
  waitMs: number,
  edit: (before: SessionRecord) => SessionRecord,
): boolean {
  const name = fileName(sessionId);
  return withLock(join(paths.locks, `session-${name}.lock`), waitMs, () => {
    const found = peekState(paths.session(name), AS_SESSION);
    if (found.kind !== 'value') return false;
    writeAtomic(paths.session(name), serializeState(edit(found.value)));
    return true;
  });
}

/**
 * Removes one record while no other process can change it, if it still is what `expected` says. Nothing but the record
 * and the times of its turns goes: logs, transcripts and builds stay.
 */
export function deleteSession(
  paths: StatePaths,
  sessionId: string,
  waitMs: number,
  expected: (record: SeenSession) => boolean,
): 'deleted' | 'changed' | 'missing' {
  const name = fileName(sessionId);
  return withLock(join(paths.locks, `session-${name}.lock`), waitMs, () => {
    const found = peekState(paths.session(name), AS_SESSION);
    if (found.kind === 'missing') return 'missing';
    if (found.kind !== 'value' || !expected(seen(paths, found.value))) return 'changed';
    assertHeld();
    rmSync(paths.session(name));
    dropTurn(paths, sessionId);
    syncDirectory(paths.sessions);
    return 'deleted';
  });
}
