import { messageOf } from '../errors.ts';
import type { HookEvent, Host } from '../hosts/host.ts';
import { hostFor } from '../hosts/index.ts';
import { appendRecord } from '../state/log.ts';
import { type StatePaths, stateDir, statePaths } from '../state/paths.ts';
import { emit, finish } from './emit.ts';
import { type Input, readInput } from './stdin.ts';

/** What one hook answers; `record` is its line of log, `null` for none. */
export interface HookResult {
  output: object;
  record: object | null;
}

export type HookHandler = (event: HookEvent, paths: StatePaths, host: Host) => HookResult;

/**
 * Runs one hook program: read, handle, emit, log. Whatever fails answers with `harmless` and leaves one log record;
 * stdout gets exactly one JSON object and the exit code is 0 (DESIGN.md section 2, rules 1 and 5).
 */
export function runHook(
  entry: string,
  harmless: (host: Host) => object,
  handle: HookHandler,
): void {
  const started = performance.now();
  const flag = hostFlag(process.argv);
  if (process.env.STOPGATE_DISABLE === '1') {
    emit(harmless(hostFor(flag, null)));
    return finish(false);
  }
  readInput((input) => {
    const paths = statePaths(stateDir());
    const host = hostFor(flag, input.kind === 'json' ? input.value : null);
    const { output, record } = answer(input, host, paths, harmless, handle);
    emit(output);
    if (record !== null) {
      const common = { at: new Date().toISOString(), entry, host: host.id };
      const ms = Math.round(performance.now() - started);
      logQuietly(paths, { ...common, ...record, ms });
    }
    finish(input.kind === 'late');
  });
}

function answer(
  input: Input,
  host: Host,
  paths: StatePaths,
  harmless: (host: Host) => object,
  handle: HookHandler,
): HookResult {
  try {
    const event = host.parseEvent(payloadOf(input));
    const { output, record } = handle(event, paths, host);
    return { output, record: record && { session: event.sessionId, ...record } };
  } catch (error) {
    const record = { verdict: 'approve', cause: 'error', error: messageOf(error) };
    return { output: harmless(host), record };
  }
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

/** A log that cannot be written must not change a verdict that was spoken. */
function logQuietly(paths: StatePaths, record: object): void {
  try {
    appendRecord(paths.gateLog, record);
  } catch {
    // A full disk or a read-only home: the verdict stands.
  }
}

function hostFlag(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--host');
  return at < 0 ? undefined : argv[at + 1];
}
