import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { StopgateError } from '../errors.ts';
import { agentProcess, paneStamp } from '../owner/stamp.ts';
import { fileName } from '../session/file-name.ts';
import { writeAtomic } from '../state/atomic.ts';
import { assertHeld } from '../state/held.ts';
import {
  newerSchema,
  readState,
  serializeState,
  type Versioned,
  valueIn,
  valuesIn,
} from '../state/json-file.ts';
import { lazy } from '../state/lazy.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';

/** A failed end is tried again at the next idle, this often in all. */
export const ATTEMPTS = 3;

/** A worker handed off and is to end when it is idle, `runtime/requests/<session>.json`. Unknown keys are kept. */
const requestSchema = lazy(() =>
  z.looseObject({
    schema: z.literal(1),
    host: z.enum(['claude', 'codex']),
    sessionId: z.string(),
    role: z.string(),
    tool: z.string(),
    /** The session runs in Codex's shared daemon: its process is the terminal that shows it, `null` if none is known. */
    daemon: z.boolean(),
    agent: z.nullable(agentProcess),
    pane: z.nullable(paneStamp),
    transcript: z.nullable(z.string()),
    requestedAt: z.string(),
    /** End by SIGKILL what a clean end does not. */
    kill: z.boolean(),
    /** The approved stop that a closer was started for; a later one takes its place. */
    stop: z.nullable(
      z.looseObject({
        id: z.string(),
        at: z.string(),
        /** The newest event of the session's record by then: another one means that somebody prompted. */
        activity: z.string(),
        /** The end of the last message, which the transcript has to hold. */
        message: z.nullable(z.string()),
      }),
    ),
    /** How far the end has come: `ending` from right before the host is told to. */
    state: z.enum(['pending', 'ending', 'failed', 'left']),
    /** When the host was told to; without it, `ending` says no more than that it was going to be. */
    toldAt: z.optional(z.nullable(z.string())),
    attempts: z.int(),
    reason: z.nullable(z.string()),
  }),
);

export type Request = z.infer<ReturnType<typeof requestSchema>>;

const AS_REQUEST: Versioned<Request> = { version: 1, schema: requestSchema };
const LOCK_MS = 300;

export function readRequest(paths: StatePaths, sessionId: string): Request | null {
  return valueIn(paths.request(fileName(sessionId)), AS_REQUEST);
}

/**
 * As {@link readRequest}, for who must not take one that cannot be read for one that was taken back.
 * @throws StopgateError `bad-request`; the system's error, where the file cannot be opened.
 */
export function requestOf(paths: StatePaths, sessionId: string): Request | null {
  const path = paths.request(fileName(sessionId));
  const found = readState(path, AS_REQUEST);
  switch (found.kind) {
    case 'value':
      return found.value;
    case 'missing':
      return null;
    case 'newer':
      throw newerSchema(path, found.schema);
    case 'corrupt':
      throw new StopgateError(
        'bad-request',
        `${path} cannot be read: ${found.why}. ${found.setAside ? `It is kept as ${found.setAside}.` : ''}`.trim(),
      );
    default:
      return found satisfies never;
  }
}

/** Every request on this machine; those of processes that are gone are among them. */
export function listRequests(paths: StatePaths): Request[] {
  return valuesIn(paths.requests, AS_REQUEST);
}

export function writeRequest(paths: StatePaths, request: Request): void {
  locked(paths, request.sessionId, () => write(paths, request));
}

/** Changes a request while nobody else does; one that is gone stays gone. Returns what is there then. */
export function updateRequest(
  paths: StatePaths,
  sessionId: string,
  edit: (request: Request) => Request,
): Request | null {
  return locked(paths, sessionId, () => {
    const before = readRequest(paths, sessionId);
    if (before === null) return null;
    const after = edit(before);
    if (after !== before) write(paths, after);
    return after;
  });
}

/** Takes a request away, if it still is the one that was made then. */
export function dropRequest(paths: StatePaths, { sessionId, requestedAt }: Request): void {
  locked(paths, sessionId, () => {
    if (readRequest(paths, sessionId)?.requestedAt !== requestedAt) return;
    assertHeld();
    rmSync(paths.request(fileName(sessionId)), { force: true });
  });
}

function write(paths: StatePaths, request: Request): void {
  writeAtomic(paths.request(fileName(request.sessionId)), serializeState(request));
}

function locked<T>(paths: StatePaths, sessionId: string, work: () => T): T {
  return withLock(join(paths.locks, `request-${fileName(sessionId)}.lock`), LOCK_MS, work);
}
