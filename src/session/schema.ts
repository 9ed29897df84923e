import * as z from 'zod/mini';
import { agentProcess, paneStamp } from '../owner/stamp.ts';
import { lazy } from '../state/lazy.ts';
import { release, retention } from './retention.ts';

export const SESSION_SCHEMA = 1;

/** One session's record, `sessions/<id>.json`. Times are ISO 8601 in UTC. Unknown keys are kept. */
export const sessionSchema = lazy(() =>
  z.looseObject({
    schema: z.literal(SESSION_SCHEMA),
    host: z.enum(['claude', 'codex']),
    sessionId: z.string(),
    agent: z.nullable(agentProcess),
    pane: z.nullable(paneStamp),
    machine: z.string(),
    cwd: z.string(),
    transcript: z.nullable(z.string()),
    /** `live` from SessionStart to SessionEnd; whether the process is there is looked up, never stored. */
    status: z.enum(['live', 'stopped']),
    startedAt: z.string(),
    /** startup, resume, clear, compact, fork; what the host said last. */
    source: z.nullable(z.string()),
    lastActivityAt: z.string(),
    lastEvent: z.string(),
    /** Set while the host compacts the conversation. */
    compactingSince: z.nullable(z.string()),
    /** The prompt in which that compaction began. */
    compactingIn: z.optional(z.nullable(z.string())),
    endedAt: z.nullable(z.string()),
    endReason: z.nullable(z.string()),
    /** The moments (src/owner/moment.ts) of a start that a hook saw, of the last event, of the end, of a person's last prompt. */
    startSeenAt: z.optional(z.string()),
    seenAt: z.optional(z.string()),
    endSeenAt: z.optional(z.nullable(z.string())),
    promptedAt: z.optional(z.string()),
    /** The first look that found its process gone without an end. */
    goneSeenAt: z.optional(z.nullable(z.string())),
    /** Its first prompt was seen, so its place is judged for good. */
    placed: z.optional(z.boolean()),
    /** Owners of open builds that ran above it when it started: it is no heir of theirs. */
    above: z.optional(z.array(agentProcess)),
    /** The role that `stopgate run` bound to the agent process. */
    role: z.optional(z.nullable(z.string())),
    /** Why stopgate ended the session, when it did. */
    exitReason: z.optional(z.nullable(z.string())),
    /** Codex's shared daemon that runs the session, which then has no process of its own. */
    daemon: z.optional(z.nullable(agentProcess)),
    /** The session that the same process was in before `/clear` or `/resume`. */
    previous: z.optional(z.nullable(z.string())),
    /** The working tree that held `cwd` at the start; `null` outside one. */
    worktree: z.optional(z.nullable(z.string())),
    /** The builds that it owned, newest last. */
    builds: z.optional(z.array(z.string())),
    /** Set by `session keep`, taken away by `session release`. */
    retained: z.optional(z.nullable(retention())),
    released: z.optional(z.nullable(release())),
  }),
);

export type SessionRecord = z.infer<ReturnType<typeof sessionSchema>>;
