import { readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HookEvent } from '../hosts/host.ts';
import { commandLineOf } from '../owner/command-line.ts';
import { ancestors, type ProcessInfo, readProcess } from '../owner/process.ts';
import { isShell } from '../owner/wrapper.ts';
import { fileName } from '../session/file-name.ts';
import { writeQuickly } from '../state/atomic.ts';
import { namesIn } from '../state/json-file.ts';
import { withLock } from '../state/lock.ts';
import type { StatePaths } from '../state/paths.ts';
import { readIfThere } from '../state/read-file.ts';

/** One call of a hook. Times are clock ticks since the boot of this machine, which no clock that is set can move. */
export interface Call {
  readonly payload: string;
  readonly boot: string;
  /** When the host started it. */
  readonly since: number;
}

/** The call that answers for an event, and when it took that upon itself. */
export interface Claim extends Omit<Call, 'since'> {
  readonly at: number;
}

/**
 * True when another call took the same event upon itself while this one ran already: the host, which has us in two of
 * its scopes, started both for one event. It starts the next event's calls only when it has read these. Pure.
 */
export function isTwin(claim: Claim | null, call: Call): boolean {
  if (claim === null || claim.boot !== call.boot || claim.payload !== call.payload) return false;
  return call.since < claim.at;
}

/** True when a twin of this call answers for the event; else this call does. In doubt each answers for itself. */
export function isAnswered(event: HookEvent, payload: unknown, paths: StatePaths): boolean {
  try {
    const call = thisCall(payload);
    if (call === null) return false;
    const name = `${fileName(event.sessionId)}-${fileName(event.name)}`;
    return withLock(join(paths.locks, `call-${name}.lock`), LOCK_MS, () => {
      const path = paths.call(name);
      if (event.name === 'SessionStart') dropOld(dirname(path));
      if (isTwin(readClaim(path), call)) return true;
      const claim: Claim = { payload: call.payload, boot: call.boot, at: ticksNow() };
      writeQuickly(path, JSON.stringify(claim));
      return false;
    });
  } catch {
    return false;
  }
}

/** Who waits longer answers as well: a second block costs one reminder, a missing one the gate. */
const LOCK_MS = 1_000;

/** From the first process on that the host started for it; null where the kernel does not count ticks (no /proc). */
function thisCall(payload: unknown): Call | null {
  const above = ancestors(process.pid);
  const host = above.findIndex((one) => !isOfCall(one));
  const first = above[host - 1] ?? readProcess(process.pid);
  const [, boot, ticks] = /^([0-9a-f-]+):(\d+)$/.exec(first?.start ?? '') ?? [];
  if (boot === undefined) return null;
  const { createHash } = process.getBuiltinModule('node:crypto');
  const text = createHash('sha256').update(JSON.stringify(payload)).digest('hex');
  return { payload: text, boot, since: Number(ticks) };
}

/** The launcher, or the shell that a host starts it with. */
function isOfCall({ pid, name }: ProcessInfo): boolean {
  return (
    isShell(name) && commandLineOf(pid)?.some((word) => word.includes('stopgate-hook')) === true
  );
}

function ticksNow(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 100);
}

/** A claim means nothing once its event is over. */
function dropOld(dir: string): void {
  for (const name of namesIn(dir)) {
    const path = join(dir, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > DAY_MS) rmSync(path, { force: true });
  }
}

const DAY_MS = 24 * 60 * 60_000;

function readClaim(path: string): Claim | null {
  try {
    const { payload, boot, at } = JSON.parse(readIfThere(path) ?? '');
    return typeof at === 'number' ? { payload: String(payload), boot: String(boot), at } : null;
  } catch {
    return null;
  }
}
