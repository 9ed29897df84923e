import { messageOf } from '../errors.ts';
import type { HookEvent } from '../hosts/host.ts';
import { hostFor } from '../hosts/index.ts';
import { appendRecord } from '../state/log.ts';
import { type StatePaths, stateDir, statePaths } from '../state/paths.ts';
import type { Verdict } from '../verdict.ts';
import { emit, finish } from './emit.ts';
import { type Input, readInput } from './stdin.ts';

/** What one hook decides; `record` is what its log line says beside the common facts. */
export interface HookResult {
  verdict: Verdict;
  record: object;
}

export type HookHandler = (event: HookEvent, paths: StatePaths) => HookResult;

/**
 * Runs one hook program: read, decide, emit, log. Whatever fails approves and leaves one log record; stdout gets
 * exactly one JSON object and the exit code is 0 (DESIGN.md section 2, rules 1 and 5).
 */
export function runHook(entry: string, handle: HookHandler): void {
  const started = performance.now();
  const flag = hostFlag(process.argv);
  if (process.env.STOPGATE_DISABLE === '1') {
    emit(hostFor(flag, null).renderVerdict({ decision: 'approve', cause: 'disabled' }));
    return finish(false);
  }
  readInput((input) => {
    const paths = statePaths(stateDir());
    const payload = input.kind === 'json' ? input.value : null;
    const host = hostFor(flag, payload);
    const common = { at: new Date().toISOString(), entry, host: host.id };
    const { verdict, record } = guarded(() => {
      const event = host.parseEvent(payloadOf(input));
      const result = handle(event, paths);
      return { ...result, record: { session: event.sessionId, ...result.record } };
    });
    emit(host.renderVerdict(verdict));
    const { decision, cause } = verdict;
    const ms = Math.round(performance.now() - started);
    logQuietly(paths, { ...common, verdict: decision, cause, ...record, ms });
    finish(input.kind === 'late');
  });
}

function guarded(work: () => HookResult): HookResult {
  try {
    return work();
  } catch (error) {
    return {
      verdict: { decision: 'approve', cause: 'error' },
      record: { error: messageOf(error) },
    };
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
