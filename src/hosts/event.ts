import * as z from 'zod/mini';
import { StopgateError } from '../errors.ts';
import type { HostId } from '../owner/identity.ts';
import type { HookEvent } from './host.ts';
import { isPlace, MOST_CHARACTERS, PATH_CHARACTERS, PATH_LEVELS } from './limits.ts';

const text = z.optional(z.nullable(z.string()));

/** An id, a word or a name: what is kept, or makes the name of a file. */
const word = z.optional(z.nullable(z.string().check(z.maxLength(MOST_CHARACTERS))));

/** A task that is listed but over wakes nobody; one that says nothing of its state counts as running. */
const ENDED = ['completed', 'failed', 'killed', 'stopped', 'cancelled'];

const backgroundTask = z.looseObject({ status: text, command: text });

/** A wake of Claude Code's background work is a prompt that nobody typed (docs/hosts.md, Waking). */
const WAKE = '<task-notification>';

/** A prompt that comes again and again is a person's routine; one that comes once is what the session waits for. */
const wakeUp = z.looseObject({ recurring: z.literal(false) });

/** What stopgate reads of a payload (docs/hosts.md, Payload); all other keys pass. */
const payloadSchema = z.looseObject({
  session_id: z.string().check(z.minLength(1), z.maxLength(MOST_CHARACTERS)),
  hook_event_name: z.string().check(z.maxLength(MOST_CHARACTERS)),
  cwd: z.string(),
  transcript_path: z.optional(z.nullable(z.string().check(z.maxLength(PATH_CHARACTERS)))),
  /** Claude Code's name for it, and Codex's. */
  prompt_id: word,
  turn_id: word,
  agent_id: word,
  permission_mode: word,
  stop_hook_active: z.optional(z.boolean()),
  last_assistant_message: text,
  source: word,
  reason: word,
  prompt: text,
  /** Claude Code only. */
  background_tasks: z.optional(z.array(z.unknown())),
  session_crons: z.optional(z.array(z.unknown())),
  tool_name: word,
  tool_response: z.optional(z.unknown()),
});

/** Parses a payload at the edge, once. @throws StopgateError `bad-event`, naming the first wrong key. */
export function parseEvent(host: HostId, payload: unknown): HookEvent {
  const result = payloadSchema.safeParse(payload);
  if (!result.success) throw badEvent(result.error.issues[0]);
  const event = result.data;
  if (!isPlace(event.cwd)) throw badPlace();
  const running = (event.background_tasks ?? []).map(taskOf).filter(isRunning);
  return {
    host,
    name: event.hook_event_name,
    sessionId: event.session_id,
    promptId: event.prompt_id ?? event.turn_id ?? null,
    cwd: event.cwd,
    transcriptPath: event.transcript_path ?? null,
    agentId: event.agent_id ?? null,
    permissionMode: event.permission_mode ?? null,
    stopHookActive: event.stop_hook_active ?? false,
    lastMessage: event.last_assistant_message ?? null,
    source: event.source ?? null,
    reason: event.reason ?? null,
    backgroundTasks: running.length,
    backgroundCommands: running.flatMap(({ command }) => (command ? [command] : [])),
    scheduledPrompts: event.session_crons?.length ?? 0,
    wakeUps: event.session_crons?.filter((cron) => wakeUp.safeParse(cron).success).length ?? 0,
    isPersons: event.prompt == null || !event.prompt.startsWith(WAKE),
    tool: event.tool_name ? { name: event.tool_name, response: event.tool_response } : null,
  };
}

/** What is no task that we know is a task without words: it still counts. */
function taskOf(task: unknown): z.infer<typeof backgroundTask> {
  const result = backgroundTask.safeParse(task);
  return result.success ? result.data : {};
}

function isRunning({ status }: z.infer<typeof backgroundTask>): boolean {
  return !status || !ENDED.includes(status);
}

function badPlace(): StopgateError {
  const wanted = `an absolute path of at most ${PATH_CHARACTERS} characters and ${PATH_LEVELS} levels`;
  return new StopgateError('bad-event', `not a hook event: cwd should be ${wanted}`);
}

function badEvent(issue: z.core.$ZodIssue | undefined): StopgateError {
  const where = issue?.path.join('.') || 'payload';
  return new StopgateError('bad-event', `not a hook event: ${where} should be ${wantedBy(issue)}`);
}

function wantedBy(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'invalid_type':
      return issue.expected;
    case 'too_big':
      return `at most ${issue.maximum} characters`;
    default:
      return 'a non-empty string';
  }
}
