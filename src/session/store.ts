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

export const AS_SESSION: Versioned<SessionRecord> = {
  version: SESSION_SCHEMA,
  schema: sessionSchema,
};

/** The record of a session, or `null` when there is none that this version can read. */
export function readSession(paths: StatePaths, sessionId: string): SessionRecord | null {
  return valueIn(paths.session(fileName(sessionId)), AS_SESSION);
}

/** Every record that this version can read. */
export function listSessions(paths: StatePaths): SessionRecord[] {
  return valuesIn(paths.sessions, AS_SESSION);
}

/** Changes one record while no other process can; a record of a newer schema is left alone. */
export function updateSession(
  paths: StatePaths,
  sessionId: string,
  waitMs: number,
  edit: (before: SessionRecord | null) => SessionRecord,
): void {
  const name = fileName(sessionId);
  withLock(join(paths.locks, `session-${name}.lock`), waitMs, () => {
    const found = readState(paths.session(name), AS_SESSION);
    if (found.kind === 'newer') return;
    const after = edit(found.kind === 'value' ? found.value : null);
    writeAtomic(paths.session(name), serializeState(after));
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
 * goes: logs, transcripts and builds stay.
 */
export function deleteSession(
  paths: StatePaths,
  sessionId: string,
  waitMs: number,
  expected: (record: SessionRecord) => boolean,
): 'deleted' | 'changed' | 'missing' {
  const name = fileName(sessionId);
  return withLock(join(paths.locks, `session-${name}.lock`), waitMs, () => {
    const found = peekState(paths.session(name), AS_SESSION);
    if (found.kind === 'missing') return 'missing';
    if (found.kind !== 'value' || !expected(found.value)) return 'changed';
    assertHeld();
    rmSync(paths.session(name));
    syncDirectory(paths.sessions);
    return 'deleted';
  });
}
