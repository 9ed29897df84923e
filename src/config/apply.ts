import { join } from 'node:path';
import { errnoOf, messageOf, StopgateError } from '../errors.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';
import { sleepSync } from '../state/sleep.ts';
import { backUp, sha256 } from './backup.ts';
import { unifiedDiff } from './diff.ts';
import { dropLeftovers, leftoversOf } from './leftovers.ts';
import { decode, takeSnapshot } from './snapshot.ts';
import { type NewFileMode, swapFile } from './swap.ts';
import { resolveTarget } from './target.ts';
import type { Change, Origin, Plan, Refusal } from './types.ts';
import { assertReplaceable } from './writable.ts';

export interface Application {
  readonly path: string;
  /** Of a file that is not there yet. */
  readonly mode: NewFileMode;
  readonly plan: (current: string | null, origin: Origin) => Plan;
  /** What earlier edits of the file recorded. */
  readonly originOf: (target: string) => Origin;
  /** Called before each write, so that no write is ever without its record. */
  readonly record: (target: string, text: string, origin: Origin) => void;
  readonly state: StatePaths;
}

export type Applied =
  | { readonly kind: 'unchanged'; readonly target: string }
  | {
      readonly kind: 'edited';
      readonly target: string;
      readonly created: boolean;
      readonly edits: readonly Change[];
      readonly diff: string;
      /** The copy of what was there before; null for a new file and for a dry run. */
      readonly backup: string | null;
    };

/** What `applySettings` would do, without writing anything anywhere. */
export function previewSettings(application: Application): Applied {
  const target = resolveTarget(application.path);
  const { current, plan } = settledPlan(application, target, application.originOf(target), null);
  if (plan.kind === 'unchanged') return { kind: 'unchanged', target };
  assertReplaceable(target, current);
  const before = current?.text ?? null;
  const diff = unifiedDiff(target, before, plan.text);
  return {
    kind: 'edited',
    target,
    created: before === null,
    edits: plan.edits,
    diff,
    backup: null,
  };
}

/**
 * Brings a settings file to its plan: one writer at a time, never over bytes that were not planned for, with a copy
 * of what was there, durable, and read again afterwards.
 * @throws StopgateError when the file must not or cannot be changed; it is untouched then.
 */
export function applySettings(application: Application): Applied {
  const target = resolveTarget(application.path);
  const lock = join(application.state.locks, `settings-${sha256(target).slice(0, 16)}.lock`);
  const first = settledPlan(application, target, application.originOf(target), null);
  const isUnchanged = first.plan.kind === 'unchanged';
  if (isUnchanged && leftoversOf(target).length === 0) return { kind: 'unchanged', target };
  if (!isUnchanged) assertReplaceable(target, first.current);
  return withLock(lock, 10_000, () => {
    // Of a writer in another container nobody can tell whether it was killed: while we hold the lock, none is at work.
    dropLeftovers(target);
    return applyLocked(application, target);
  });
}

const ATTEMPTS = 4;

function applyLocked(application: Application, target: string): Applied {
  let origin = application.originOf(target);
  let done: Applied = { kind: 'unchanged', target };
  let late: Buffer | null = null;
  for (let attempt = 0; attempt <= ATTEMPTS; attempt += 1) {
    const { current, plan, base } = settledPlan(application, target, origin, late);
    if (plan.kind === 'unchanged' && late === null) return done;
    if (attempt === ATTEMPTS) break;
    assertReplaceable(target, current);
    const text: string = plan.kind === 'edit' ? plan.text : (base ?? '');
    if (plan.kind === 'edit') origin = plan.origin;
    const backup = base === null ? null : backUp(application.state.backups, target, base);
    application.record(target, text, origin);
    const swap = tried(target, () => swapFile(target, current, text, application.mode));
    if (swap.kind === 'overtaken') {
      if (late !== null) break;
      sleepSync(5 * 2 ** attempt);
      continue;
    }
    late = swap.kind === 'late' ? swap.bytes : null;
    const edits = plan.kind === 'edit' ? plan.edits : [];
    const diff = unifiedDiff(target, base, text);
    done = { kind: 'edited', target, created: base === null, edits, diff, backup };
  }
  throw busy(
    target,
    late === null ? null : backUp(application.state.backups, target, String(late)),
  );
}

/** A file changed less than this many milliseconds ago may be half written. */
const SETTLED_MS = 500;

/** Plans from the file, or from bytes that came late; a refusal or an emptied file counts once the file has settled. */
function settledPlan(
  application: Application,
  target: string,
  origin: Origin,
  late: Buffer | null,
) {
  for (const start = Date.now(); ; sleepSync(50)) {
    const current = takeSnapshot(target);
    const base = late === null ? (current?.text ?? null) : decode(target, late);
    const plan = application.plan(base, origin);
    const isPlain = plan.kind !== 'refuse' && base?.trim() !== '';
    if (isPlain) return { current, base, plan };
    if (late !== null) throw busy(target, backUp(application.state.backups, target, base ?? ''));
    const age = Date.now() - (current?.stat.mtimeMs ?? 0);
    if (age < SETTLED_MS && Date.now() - start < 4 * SETTLED_MS) continue;
    if (plan.kind === 'refuse') throw refused(target, plan);
    return { current, base, plan };
  }
}

function tried<T>(target: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const why = errnoOf(cause) ?? messageOf(cause);
    throw new StopgateError('write-failed', `${target} could not be written (${why}).`, {
      hint: 'It holds its old content or the new, whole. Free the obstacle and run the command again.',
      cause,
    });
  }
}

function refused(target: string, { code, line, column, what, hint }: Refusal): StopgateError {
  const where = `${target}:${line}:${column}`;
  return new StopgateError(code, `${where}: ${what}. The file was not touched.`, { hint });
}

function busy(target: string, copy: string | null): StopgateError {
  const kept = copy === null ? '' : ` What it wrote meanwhile is in ${copy}.`;
  return new StopgateError('busy', `${target} is being changed by another program.${kept}`, {
    hint: 'Close the program that edits it, then run the command again.',
  });
}
