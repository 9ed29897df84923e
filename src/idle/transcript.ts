import type { HostId } from '../owner/identity.ts';
import { readEnd } from '../state/read-file.ts';

/** `settled`: the turn that gave this message is over, and nothing waits to be answered. */
export type TurnState = 'settled' | 'open' | 'unreadable';

/** A turn's last entries are in the end of a transcript, however long that has grown. */
const END_BYTES = 1024 * 1024;

/** The subagents that a transcript of Codex says were started, by their ids. Pure. */
export function subagentsIn(text: string): string[] {
  const outputs = text
    .split('\n')
    .flatMap(parseEntry)
    .filter(({ payload }) => payload?.type === 'function_call_output')
    .map(({ payload }) => JSON.stringify(payload?.output ?? ''));
  const ids = outputs.flatMap((output) => /agent_id[\\":]+([0-9a-f-]{36})/.exec(output)?.[1] ?? []);
  return [...new Set(ids)];
}

/** Reads how the newest turn of a transcript stands; `message` is the end of its last message. */
export function turnOf(host: HostId, path: string | null, message: string | null): TurnState {
  const text = path === null ? null : endOf(path);
  return text === null ? 'unreadable' : turnState(host, text, message);
}

/** As {@link turnOf}, of the transcript's text. Pure. */
export function turnState(host: HostId, text: string, message: string | null): TurnState {
  const entries = text.split('\n').flatMap(parseEntry);
  const { over, said } = (host === 'claude' ? readClaude : readCodex)(entries);
  if (!over) return 'open';
  const isSame = message === null || (said ?? '').trimEnd().endsWith(message.trim());
  return isSame ? 'settled' : 'open';
}

interface Reading {
  over: boolean;
  said: string | null;
}

/**
 * Claude Code closes a turn by a `system` entry, after every Stop hook; a prompt that was typed meanwhile is enqueued
 * before it and dequeued after it.
 */
function readClaude(entries: Entry[]): Reading {
  let last: 'nothing' | 'prompt' | 'answer' | 'over' = 'nothing';
  let said: string | null = null;
  let queued = 0;
  for (const { type, subtype, operation, isSidechain, message } of entries) {
    if (isSidechain === true) continue;
    if (type === 'user') last = 'prompt';
    if (type === 'assistant') {
      last = 'answer';
      said = textOf(message?.content) || said;
    }
    if (type === 'system' && CLAUDE_OVER.has(subtype ?? '') && last === 'answer') last = 'over';
    if (type === 'queue-operation') {
      queued =
        operation === 'popAll' ? 0 : Math.max(0, queued + (operation === 'enqueue' ? 1 : -1));
    }
  }
  return { over: last === 'over' && queued === 0, said };
}

const CLAUDE_OVER = new Set(['stop_hook_summary', 'turn_duration']);

/** Codex writes `task_complete` after every Stop hook. What a subagent reports comes after it, and begins no turn. */
function readCodex(entries: Entry[]): Reading {
  let over = false;
  let said: string | null = null;
  for (const { type, payload } of entries) {
    if (type === 'event_msg' && payload?.type === 'task_started') over = false;
    if (type === 'event_msg' && payload?.type === 'task_complete') {
      over = true;
      said = payload.last_agent_message ?? null;
    }
  }
  return { over, said };
}

/** As much of an entry as is looked at; a transcript is untrusted data, and a wrong type is read as absent. */
interface Entry {
  type?: string;
  subtype?: string;
  operation?: string;
  isSidechain?: boolean;
  message?: { content?: unknown } | null;
  payload?: {
    type?: string;
    last_agent_message?: string | null;
    output?: unknown;
  } | null;
}

function parseEntry(line: string): Entry[] {
  try {
    const entry = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? [entry] : [];
  } catch {
    return [];
  }
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((block) => (block?.type === 'text' ? String(block.text) : '')).join('');
}

/** The end of a transcript, or `null`. */
export function endOf(path: string): string | null {
  try {
    return readEnd(path, END_BYTES).toString('utf8');
  } catch {
    return null;
  }
}
