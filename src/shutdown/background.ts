import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ancestors } from '../owner/process.ts';
import { namesIn } from '../state/json-file.ts';
import { readEnd, subagentsIn, turnOf } from './transcript.ts';

/** True while a Codex session has work in the background. Claude Code names its own at the stop, Codex names nothing. */
export function hasBackgroundWork(sessionId: string, transcript: string | null): boolean {
  return hasCommand(sessionId) || hasSubagent(transcript);
}

/**
 * Codex gives the commands that it starts the session's id. What detached from it is no longer its own. Told on Linux
 * only.
 */
function hasCommand(sessionId: string): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => belongsTo(pid, sessionId) && isBelowCodex(Number(pid)));
}

function belongsTo(pid: string, sessionId: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return variables.includes(`CODEX_THREAD_ID=${sessionId}`);
  } catch {
    return false;
  }
}

function isBelowCodex(pid: number): boolean {
  return ancestors(pid).some(({ name }) => name === 'codex');
}

/** A subagent has a transcript of its own, beside the session's or in the folder of a later day. */
function hasSubagent(transcript: string | null): boolean {
  const text = transcript === null ? null : readEnd(transcript);
  if (transcript === null || text === null) return false;
  return subagentsIn(text).some(
    (id) => turnOf('codex', pathOf(id, transcript), null) !== 'settled',
  );
}

function pathOf(id: string, transcript: string): string | null {
  const month = dirname(dirname(transcript));
  const days = namesIn(month).map((day) => join(month, day));
  const paths = days.flatMap((day) => {
    const name = namesIn(day).find((one) => one.endsWith(`-${id}.jsonl`));
    return name === undefined ? [] : [join(day, name)];
  });
  return paths[0] ?? null;
}
