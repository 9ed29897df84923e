import type { HookEvent } from '../../src/hosts/host.ts';
import { SESSION_SCHEMA, type SessionRecord } from '../../src/session/schema.ts';

export const AT = '2026-01-02T03:04:05.000Z';

/** A record of a live session; `more` is what the test is about. */
export function makeRecord(more: Partial<SessionRecord> = {}): SessionRecord {
  return {
    schema: SESSION_SCHEMA,
    host: 'claude',
    sessionId: 's-1',
    agent: { pid: 100, start: 'a' },
    pane: null,
    machine: 'm',
    cwd: '/w',
    transcript: '/t.jsonl',
    status: 'live',
    startedAt: AT,
    source: 'startup',
    lastActivityAt: AT,
    lastEvent: 'SessionStart',
    compactingSince: null,
    endedAt: null,
    endReason: null,
    ...more,
  };
}

/** An event as `parseEvent` gives it. */
export function makeEvent(name: string, more: Partial<HookEvent> = {}): HookEvent {
  return {
    host: 'claude',
    name,
    sessionId: 's-1',
    promptId: null,
    cwd: '/w',
    transcriptPath: '/t.jsonl',
    agentId: null,
    permissionMode: null,
    stopHookActive: false,
    lastMessage: null,
    source: null,
    reason: null,
    backgroundTasks: 0,
    backgroundCommands: [],
    scheduledPrompts: 0,
    wakeUps: 0,
    isPersons: true,
    tool: null,
    ...more,
  };
}
