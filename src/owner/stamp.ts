import * as z from 'zod/mini';

/** How an owner is written in a build's state file. Unknown keys are kept (docs/adr/0002-state-files.md). */

export const agentProcess = z.looseObject({
  pid: z.int(),
  start: z.string(),
  /** The PID namespace that `pid` counts in (src/owner/namespace.ts). */
  namespace: z.optional(z.string()),
});

/** A pane of one tmux server, and the tmux session it was in. Names are for display and row 6 only. */
export const paneStamp = z.looseObject({
  socket: z.string(),
  serverPid: z.int(),
  /** The PID namespace that `serverPid` counts in. */
  namespace: z.optional(z.string()),
  serverStart: z.string(),
  id: z.string().check(z.regex(/^%\d+$/)),
  sessionId: z.string().check(z.regex(/^\$\d+$/)),
  sessionCreated: z.string(),
  sessionName: z.string(),
});

export const ownerStamp = z.looseObject({
  host: z.nullable(z.enum(['claude', 'codex'])),
  sessionId: z.nullable(z.string()),
  agent: z.nullable(agentProcess),
  pane: z.nullable(paneStamp),
  /** The sessions that owned it before, oldest first. */
  former: z.optional(z.array(z.string())),
  /** The name given with `--owner-tmux`, until an owner was found by it. */
  tmuxName: z.nullable(z.string()),
  /** The owner took over from an earlier agent in its place (rows 3b and 6). */
  inherited: z.optional(z.boolean()),
  machine: z.string(),
  stampedAt: z.string(),
  /** The moment of the owner's last write to its build (src/owner/moment.ts). */
  seenAt: z.optional(z.string()),
});

export type OwnerStamp = z.infer<typeof ownerStamp>;
export type PaneStamp = z.infer<typeof paneStamp>;
