import * as z from 'zod/mini';
import { StopgateError } from '../errors.ts';
import type { HostId } from '../owner/identity.ts';
import type { HookEvent } from './host.ts';

const text = z.optional(z.nullable(z.string()));

/** What stopgate reads of a payload (HOSTS.md, Payload); all other keys pass. */
const payloadSchema = z.looseObject({
  session_id: z.string().check(z.minLength(1)),
  hook_event_name: z.string(),
  cwd: z.string(),
  transcript_path: text,
  agent_id: text,
  stop_hook_active: z.optional(z.boolean()),
  last_assistant_message: text,
  source: text,
  reason: text,
  /** Claude Code only. */
  background_tasks: z.optional(z.array(z.unknown())),
});

/** Parses a payload at the edge, once. @throws StopgateError `bad-event`, naming the first wrong key. */
export function parseEvent(host: HostId, payload: unknown): HookEvent {
  const result = payloadSchema.safeParse(payload);
  if (!result.success) throw badEvent(result.error.issues[0]);
  const event = result.data;
  return {
    host,
    name: event.hook_event_name,
    sessionId: event.session_id,
    cwd: event.cwd,
    transcriptPath: event.transcript_path ?? null,
    agentId: event.agent_id ?? null,
    stopHookActive: event.stop_hook_active ?? false,
    lastMessage: event.last_assistant_message ?? null,
    source: event.source ?? null,
    reason: event.reason ?? null,
    backgroundTasks: event.background_tasks?.length ?? 0,
  };
}

function badEvent(issue: z.core.$ZodIssue | undefined): StopgateError {
  const where = issue?.path.join('.') || 'payload';
  const wanted = issue?.code === 'invalid_type' ? issue.expected : 'a non-empty string';
  return new StopgateError('bad-event', `not a hook event: ${where} should be ${wanted}`);
}
