import { readFileSync } from 'node:fs';
import { readProcess } from './process.ts';

/**
 * A point in time that no clock change can move: `<boot id>:<clock ticks since that boot>`, sleep included, in the same
 * form as the start of a process (docs/hosts.md, tmux). Where the kernel counts no ticks it is `wall:<seconds>`.
 */
export type Moment = string;

const TICKS_PER_SECOND = 100;

/** Returns the moment of now. */
export function momentNow(): Moment {
  const boot = bootOf(readProcess(process.pid)?.start ?? '');
  if (boot === null) return `wall:${Math.floor(Date.now() / 1000)}`;
  const [seconds] = readFileSync('/proc/uptime', 'utf8').split(' ');
  return `${boot}:${Math.floor(Number(seconds) * TICKS_PER_SECOND)}`;
}

/** Returns the moment of a time by the wall clock, as far as nobody has set that since. */
export function momentAt(ms: number): Moment {
  const now = momentNow();
  const age = Math.max(0, Date.now() - ms);
  const parsed = parse(now);
  if (parsed === null || parsed.clock === 'wall') return `wall:${Math.floor(ms / 1000)}`;
  return `${parsed.clock}:${Math.max(0, parsed.count - Math.ceil((age * TICKS_PER_SECOND) / 1000))}`;
}

/** Returns when a process started, or `null` when its start names no moment. */
export function momentOf(start: string): Moment | null {
  if (bootOf(start) !== null) return start;
  const seconds = Date.parse(`${start} UTC`) / 1000;
  return Number.isFinite(seconds) ? `wall:${seconds}` : null;
}

/**
 * Tells whether `earlier` came before `later`, or at most `graceSeconds` after it. `later` is of the present boot, so
 * what another boot counted came before it.
 */
export function isBefore(earlier: Moment, later: Moment, graceSeconds = 0): boolean {
  const [a, b] = [parse(earlier), parse(later)];
  if (a === null || b === null) return false;
  if (a.clock !== b.clock) return a.clock !== 'wall' && b.clock !== 'wall';
  const perSecond = a.clock === 'wall' ? 1 : TICKS_PER_SECOND;
  return a.count <= b.count + graceSeconds * perSecond;
}

/** True when two moments of one machine were counted in different boots. */
export function isOtherBoot(a: Moment, b: Moment): boolean {
  const [one, other] = [bootOf(a), bootOf(b)];
  return one !== null && other !== null && one !== other && one !== 'wall' && other !== 'wall';
}

/** Returns the later of two moments of the same machine; one that is not known does not count. */
export function latest(moments: readonly (Moment | null | undefined)[]): Moment | null {
  const known = moments.filter((moment) => moment != null && parse(moment) !== null) as Moment[];
  return known.reduce<Moment | null>(
    (last, moment) => (last === null || isBefore(last, moment) ? moment : last),
    null,
  );
}

function parse(moment: Moment): { clock: string; count: number } | null {
  const [, clock, count] = /^([0-9a-z-]+):(\d+)$/.exec(moment) ?? [];
  return clock === undefined ? null : { clock, count: Number(count) };
}

function bootOf(start: string): string | null {
  return /^([0-9a-z-]+):\d+$/.exec(start)?.[1] ?? null;
}
