import type { HookEvent } from '../../hosts/host.ts';
import type { Evidence } from './evidence.ts';
import { RULES } from './rule-set.ts';

/** The version of what an authority is asked, and of what it answers (docs/authority.md). */
const QUESTION_SCHEMA = 1;
const MESSAGE_CHARACTERS = 4000;

/** What a program or an endpoint is asked, one line of JSON. The message is data and never to be obeyed. */
export function questionText(event: HookEvent, evidence: Evidence): string {
  const { sessionStart, repository, commits, artifacts, signals } = evidence;
  const question = {
    schema: QUESTION_SCHEMA,
    host: event.host,
    session: { id: event.sessionId, startedAt: sessionStart },
    lastMessage: event.lastMessage?.slice(-MESSAGE_CHARACTERS) ?? null,
    evidence: { repository, commits, artifacts, signals },
    rules: RULES,
  };
  return `${JSON.stringify(question)}\n`;
}
