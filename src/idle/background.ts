import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runsInDaemon } from '../owner/agent.ts';
import { type AgentProcess, ancestors, isGone } from '../owner/process.ts';
import { namesIn } from '../state/json-file.ts';
import { endOf, subagentsIn, turnOf } from './transcript.ts';

/** True while a Codex session has work in the background. Claude Code names its own at the stop, Codex names nothing. */
export function hasBackgroundWork(
  sessionId: string,
  agent: AgentProcess | null,
  transcript: string | null,
): boolean {
  return hasCommand(sessionId, agent) || hasSubagent(transcript);
}

/**
 * Codex gives the commands that it starts the session's id. What detached from it is no longer its own. One that does not
 * show its variables (it runs as another user) counts where it runs below this Codex. Told on Linux only.
 */
function hasCommand(sessionId: string, agent: AgentProcess | null): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .some((pid) => {
      const variables = variablesOf(pid);
      if (variables === null) return isBelow(pid, agent);
      return variables.includes(`CODEX_THREAD_ID=${sessionId}`) && isBelowCodex(pid);
    });
}

/** None of a process that is gone; `null` when they cannot be read. */
function variablesOf(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch (error) {
    return isGone(error) ? [] : null;
  }
}

function isBelow(pid: number, agent: AgentProcess | null): boolean {
  const chain = ancestors(pid);
  if (chain.some((above) => above.pid === agent?.pid)) return true;
  return chain.some(({ name }) => name.startsWith('codex')) && runsInDaemon(chain);
}

function isBelowCodex(pid: number): boolean {
  return ancestors(pid).some(({ name }) => name === 'codex');
}

/** A subagent has a transcript of its own, beside the session's or in the folder of a later day. */
function hasSubagent(transcript: string | null): boolean {
  const text = transcript === null ? null : endOf(transcript);
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
