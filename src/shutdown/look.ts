import { lookAtIdle } from '../idle/facts.ts';
import type { PaneLook } from '../idle/pane.ts';
import { sameProcess } from '../owner/process.ts';
import type { SessionRecord } from '../session/schema.ts';
import { readSession } from '../session/store.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Facts } from './decide.ts';
import { isKept } from './kept.ts';
import { type Request, requestOf } from './request.ts';

/** Since when the screen has shown the same. */
export interface Stillness {
  shown: string | null;
  since: number;
}

export interface Look {
  facts: Facts;
  pane: PaneLook | null;
  still: Stillness;
}

/** Looks once at everything that speaks for or against the end of a worker. */
export function lookAt(paths: StatePaths, mine: Request, before: Stillness, now: number): Look {
  const request = requestOf(paths, mine.sessionId);
  const record = readSession(paths, mine.sessionId);
  const message = mine.stop?.message ?? null;
  const { facts: idle, pane, shown } = lookAtIdle(mine, message, now);
  const still = shown !== null && shown === before.shown ? before : { shown, since: now };
  const facts: Facts = {
    ...idle,
    request: request === null ? 'gone' : request.stop?.id === mine.stop?.id ? 'same' : 'other',
    kept: isKept(record),
    sameProcess: isSameProcess(mine, record),
    ended: record?.status === 'stopped',
    prompted: record?.lastActivityAt !== mine.stop?.activity,
    answerShown: !mine.daemon || shows(shown, message),
    leftover: mine.host === 'codex' && request !== null && request.state !== 'pending',
    stillMs: now - still.since,
  };
  return { facts, pane, still };
}

/** A session in the daemon has no process of its own: its record names none, or another one that resumed it. */
function isSameProcess({ agent, daemon }: Request, record: SessionRecord | null): boolean {
  if (record === null) return false;
  if (daemon) return record.agent === null;
  return record.agent === agent || sameProcess(record.agent, agent);
}

/** True when the last line of the message starts on the screen: the terminal shows this session, and no other. */
function shows(screen: string | null, message: string | null): boolean {
  const line = message?.trimEnd().split('\n').at(-1)?.trim().slice(0, 40) ?? '';
  return line !== '' && screen !== null && screen.includes(line);
}
