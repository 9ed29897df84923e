import { closeSync, fstatSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HookEvent } from '../hosts/host.ts';
import { ancestors, type ProcessInfo } from '../owner/process.ts';
import { fileName } from '../session/file-name.ts';
import { namesIn } from '../state/json-file.ts';
import { openToAppend } from '../state/log.ts';
import type { StatePaths } from '../state/paths.ts';
import { readAt } from '../state/read-file.ts';
import { fingerprint } from './fingerprint.ts';
import { type Call, joinsLate, type Part, partsLeft } from './same-event.ts';
import { hasSpokenSince, transcriptSize } from './spoken.ts';
import { isRunning, originOf } from './this-call.ts';

type Event = Pick<HookEvent, 'sessionId' | 'name' | 'transcriptPath'> & Partial<HookEvent>;

/**
 * Takes an event upon this call and returns what of it is left to do: nothing where another registration of ours has
 * it, whatever its command, its scope or its time. In doubt each call does everything: a second block costs one
 * reminder, a missing one the gate. Nobody waits: the order in which the calls stand in one file decides.
 */
export function takeEvent(
  parts: readonly Part[],
  event: Event,
  payload: unknown,
  paths: StatePaths,
  chain: readonly ProcessInfo[] = ancestors(process.pid),
): readonly Part[] {
  if (parts.length === 0) return parts;
  try {
    const path = paths.calls(`${fileName(event.sessionId)}-${fileName(event.name)}`);
    if (event.name === 'SessionStart') dropOld(dirname(path));
    const call: Call = {
      event: nameOf(event, payload),
      by: callerOf(process.argv, process.env),
      ...originOf(chain),
      size: transcriptSize(event.transcriptPath),
      parts,
      late: false,
    };
    return writeDown(path, call, (size) => hasSpokenSince(event.transcriptPath, size));
  } catch {
    return parts;
  }
}

/** Names an event by its ids, its length and its last words: an event of the same session that differs has others. */
function nameOf(
  { promptId, agentId, source, reason, stopHookActive, lastMessage }: Event,
  payload: unknown,
) {
  const text = JSON.stringify(payload);
  const { tool_use_id: tool } = payload as { tool_use_id?: unknown };
  const ids = [promptId, agentId, source, reason, stopHookActive, tool, text.length];
  const last = [lastMessage ?? '', text].map((words) => words.slice(-LAST_WORDS));
  return fingerprint([...ids, ...last].join(' '));
}

const LAST_WORDS = 80;

/** Which registration this is: the launcher's own place, its arguments, and the plugin that it is called from. */
export function callerOf(
  [, program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const [root] = program.split('/current/', 1);
  return fingerprint([root, ...args, env.CLAUDE_PLUGIN_ROOT].join('\n'));
}

/** Appends the call and judges it by those that stand before it; one that came in between shows in the file's size. */
function writeDown(
  path: string,
  call: Call,
  hasSpokenSince: (size: number) => boolean,
): readonly Part[] {
  const { fd, stat } = openToAppend(path);
  try {
    const before = callsIn(readTail(fd, stat.size), call);
    const mine = { ...call, late: joinsLate(before, call, { isRunning, hasSpokenSince }) };
    // A line that a crash cut short must not take this one along.
    const line = `\n${JSON.stringify(mine)}\n`;
    const size = stat.size + writeSync(fd, line);
    const now = fstatSync(fd).size;
    if (now === size) return partsLeft(before, mine);
    const text = readTail(fd, now);
    return partsLeft(callsIn(text.slice(0, Math.max(text.indexOf(line), 0)), call), mine);
  } finally {
    closeSync(fd);
  }
}

/** Some forty calls. */
function readTail(fd: number, size: number): string {
  const length = Math.min(size, 8 * 1024);
  return readAt(fd, size - length, length).toString('latin1');
}

function callsIn(text: string, { event }: Call): Call[] {
  if (!text.includes(event)) return [];
  return text.split('\n').flatMap((line) => (line.includes(event) ? parseCall(line) : []));
}

/** Any version may have written it. */
function parseCall(line: string): Call[] {
  try {
    const call = JSON.parse(line);
    const { event, since, at, parts } = call;
    const isCall = typeof event === 'string' && Number.isFinite(since) && Number.isFinite(at);
    return isCall && Array.isArray(parts) ? [call] : [];
  } catch {
    return [];
  }
}

/** What a session wrote down means nothing a day after its last event. */
function dropOld(dir: string): void {
  for (const name of namesIn(dir)) {
    const path = join(dir, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > DAY_MS) rmSync(path, { force: true });
  }
}

const DAY_MS = 24 * 60 * 60_000;
