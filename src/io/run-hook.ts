import { config } from 'zod/mini';
import { messageOf } from '../errors.ts';
import type { HookEvent, Host } from '../hosts/host.ts';
import { hostFor } from '../hosts/index.ts';
import { otherCaller, sessionOf } from '../hosts/other.ts';
import type { OtherAgent } from '../owner/agent-kind.ts';
import { keepCommandLines } from '../owner/command-line.ts';
import { ancestors, keepAncestors, type ProcessInfo } from '../owner/process.ts';
import { appendRecord, recordId } from '../state/log.ts';
import { ownState, spareLog } from '../state/own-state.ts';
import type { StatePaths } from '../state/paths.ts';
import { emit, finish } from './emit.ts';
import { restoreNodeEnv } from './node-env.ts';
import type { Part } from './same-event.ts';
import { type Input, readInput } from './stdin.ts';
import { takeEvent } from './twin.ts';

// A program that parses each schema once would pay for compiling a parser it never uses again.
config({ jitless: true });

/**
 * What one hook answers; `record` is its line of log, `null` for none. With `whenUnlogged` the line is written before the
 * output is spoken, and where it cannot be written that is spoken instead.
 */
export interface HookResult {
  output: object;
  record: object | null;
  whenUnlogged?: object;
}

/** `left` is what no other registration of ours does about this event; it is empty only for a hook without parts. */
export type HookHandler = (
  event: HookEvent,
  paths: StatePaths,
  host: Host,
  left: readonly Part[],
) => HookResult | Promise<HookResult>;

/**
 * Runs one hook program: read, handle, emit, log. Whatever fails answers with `harmless` and leaves one log record;
 * stdout gets exactly one JSON object and the exit code is 0 (docs/hosts.md, Portable rules). Each of its `parts` is done
 * once per event, however many registrations of ours the host calls; a call with nothing left to do answers `harmless`.
 */
export function runHook(
  entry: string,
  parts: readonly Part[],
  harmless: (host: Host) => object,
  handle: HookHandler,
): void {
  const started = Date.now();
  restoreNodeEnv();
  const flag = hostFlag(process.argv);
  if (process.env.STOPGATE_DISABLE === '1') {
    emit(harmlessFor(hostFor(flag, null), harmless));
    return finish(false);
  }
  readInput(async (input) => {
    const host = hostFor(flag, input.kind === 'json' ? input.value : null);
    const { output, record, whenUnlogged } = await answer(input, host, parts, harmless, handle);
    const log = () => {
      if (record === null) return false;
      const at = new Date().toISOString();
      const common = { at, id: recordId(), entry, host: host?.id ?? null };
      const ms = Date.now() - started;
      return isLogged({ ...common, ...record, ms });
    };
    if (whenUnlogged === undefined) {
      emit(output);
      log();
    } else emit(log() ? output : whenUnlogged);
    finish(input.kind === 'late');
  });
}

async function answer(
  input: Input,
  host: Host | null,
  parts: readonly Part[],
  harmless: (host: Host) => object,
  handle: HookHandler,
): Promise<HookResult> {
  let asker = {};
  try {
    const payload = payloadOf(input);
    keepAncestors();
    keepCommandLines();
    const chain = ancestors(process.pid);
    const other = otherCaller(payload, chain, process.env);
    if (other !== null) return { output: {}, record: otherRecord(other, payload, chain) };
    if (host === null) throw new Error('neither --host nor the payload tells which host this is');
    const event = host.parseEvent(payload);
    asker = who(event);
    const paths = ownState();
    const left = takeEvent(parts, event, payload, paths, chain);
    if (parts.length > 0 && left.length === 0) return { output: harmless(host), record: null };
    const { record, ...spoken } = await handle(event, paths, host, left);
    return { ...spoken, record: record && { ...asker, ...record } };
  } catch (error) {
    const record = { ...asker, verdict: 'approve', cause: 'error', error: messageOf(error) };
    return { output: harmlessFor(host, harmless), record };
  }
}

/** The log names the agent that called, not the host whose settings it read; once per event. */
function otherRecord(
  host: OtherAgent,
  payload: unknown,
  chain: readonly ProcessInfo[],
): object | null {
  const session = sessionOf(payload);
  const verdict = { host, verdict: 'approve', cause: 'other-host' };
  if (session === null) return verdict;
  const event = { sessionId: session, name: host, transcriptPath: null };
  const left = takeEvent(['other-host'], event, payload, ownState(), chain);
  return left.length === 0 ? null : { session, ...verdict };
}

/** The session, and what is going to wake it, work or a scheduled prompt: a stop approved with some left is no rest. */
function who({ sessionId, backgroundTasks, scheduledPrompts }: HookEvent): object {
  const background = backgroundTasks + scheduledPrompts;
  return { session: sessionId, ...(background > 0 ? { background } : {}) };
}

/** `{}` is an approve on both hosts; the other words are one host's only (docs/hosts.md, Portable rules). */
function harmlessFor(host: Host | null, harmless: (host: Host) => object): object {
  return host === null ? {} : harmless(host);
}

function payloadOf(input: Input): unknown {
  switch (input.kind) {
    case 'json':
      return input.value;
    case 'bad':
      throw new Error(input.why);
    case 'late':
      throw new Error('stdin did not become one whole JSON value in time');
    default:
      return input satisfies never;
  }
}

/** False where the log cannot be written: a full disk, a read-only home. That alone changes no verdict. */
function isLogged(record: object): boolean {
  try {
    const log = logToWrite();
    if (log === null) return false;
    appendRecord(log, record);
    return true;
  } catch {
    return false;
  }
}

/** Where the state directory is not safe, what is written there would be somebody else's. */
function logToWrite(): string | null {
  try {
    return ownState().gateLog;
  } catch {
    return spareLog();
  }
}

function hostFlag(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--host');
  return at < 0 ? undefined : argv[at + 1];
}
