import type { HookEvent } from '../hosts/host.ts';
import type { Identity } from '../owner/identity.ts';
import { momentNow } from '../owner/moment.ts';
import { sameProcess } from '../owner/process.ts';
import { SESSION_SCHEMA, type SessionRecord } from './schema.ts';

/**
 * The record after one event; a session that was never seen starting begins with whatever event came first. Pure.
 * A pane that is not known now does not take away one that was proven before.
 */
export function recordAfter(
  before: SessionRecord | null,
  event: HookEvent,
  me: Identity,
  at: string,
): SessionRecord {
  const seenAt = momentNow();
  // An end is no activity: Codex tells of the end of sessions that its process left long ago.
  const active = event.name === 'SessionEnd' ? {} : { seenAt };
  const seen = { lastActivityAt: at, lastEvent: event.name, ...active };
  const known = before ?? fresh(event, me, at);
  const record = { ...known, ...seen, ...placeOf(known, event, me) };
  switch (event.name) {
    case 'SessionStart':
      return {
        ...record,
        agent: me.agent ? { ...me.agent } : null,
        machine: me.machine,
        pane: me.pane ?? (isSameAgent(before, me) ? record.pane : null),
        cwd: event.cwd,
        transcript: event.transcriptPath ?? record.transcript,
        status: 'live',
        source: event.source,
        compactingSince: null,
        startSeenAt: seenAt,
        ...NOT_ENDED,
      };
    case 'SessionEnd':
      return {
        ...record,
        status: 'stopped',
        endedAt: at,
        endReason: event.reason,
        endSeenAt: seenAt,
        compactingSince: null,
      };
    case 'PreCompact':
      return { ...record, compactingSince: at, compactingIn: event.promptId };
    case 'PostCompact':
      return { ...record, compactingSince: null };
    case 'UserPromptSubmit':
      return {
        ...record,
        status: 'live',
        ...NOT_ENDED,
        ...(event.isPersons ? { promptedAt: seenAt } : {}),
      };
    default:
      return { ...record, status: 'live', ...NOT_ENDED };
  }
}

const NOT_ENDED = { endedAt: null, endReason: null, endSeenAt: null, goneSeenAt: null };

/**
 * Where the session is: in the process where it was active last. What stopgate 0.1 recorded of an agent gets its
 * namespace with the next event of that very process.
 */
function placeOf(
  known: SessionRecord,
  { name }: HookEvent,
  me: Identity,
): Pick<SessionRecord, 'agent' | 'pane' | 'machine'> {
  const { agent, pane, machine } = known;
  if (agent && sameProcess(agent, me.agent))
    return { agent: { ...agent, ...me.agent }, pane, machine };
  if (me.agent === null || name === 'SessionEnd') return { agent, pane, machine };
  return { agent: { ...me.agent }, pane: me.pane, machine: me.machine };
}

function fresh(event: HookEvent, me: Identity, at: string): SessionRecord {
  return {
    schema: SESSION_SCHEMA,
    host: event.host,
    sessionId: event.sessionId,
    agent: me.agent ? { ...me.agent } : null,
    pane: me.pane,
    machine: me.machine,
    cwd: event.cwd,
    transcript: event.transcriptPath,
    status: 'live',
    startedAt: at,
    source: null,
    lastActivityAt: at,
    lastEvent: event.name,
    compactingSince: null,
    endedAt: null,
    endReason: null,
  };
}

function isSameAgent(before: SessionRecord | null, me: Identity): boolean {
  return sameProcess(before?.agent, me.agent);
}
