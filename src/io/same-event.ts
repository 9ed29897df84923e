/**
 * What a call of a hook decides or keeps; `router` is the authority and the closer, `other-host` the line of log for
 * another agent. Each part of an event is done by one of its calls.
 */
export type Part = 'build' | 'router' | 'session' | 'hand-off' | 'other-host';

/** One call of a hook, as it is written down. Times are of a clock that runs since boot and that nobody can set. */
export interface Call {
  /** A fingerprint of the payload. */
  readonly event: string;
  /** Which registration called: launcher, arguments, plugin. */
  readonly by: string;
  /** The host's process. */
  readonly agent: string;
  readonly boot: string;
  /** The first process that the host started for this call, and when. */
  readonly pid: number;
  readonly since: number;
  /** When this call was written down. */
  readonly at: number;
  /** How long the transcript was then; -1 where it is not known. */
  readonly size: number;
  readonly parts: readonly Part[];
  /** It joins the event before it although it began later ({@link joinsLate}). */
  readonly late: boolean;
}

/** What can be looked up about an earlier call while a later one is judged. */
export interface Look {
  isRunning(call: Call): boolean;
  /** True when the model has spoken since the transcript was that long. */
  hasSpokenSince(size: number): boolean;
}

/** Returns the parts that no earlier call of the same event does. Pure: every call finds the same from the same lines. */
export function partsLeft(before: readonly Call[], call: Call): Part[] {
  const event = lastEventLike(before, call);
  if (!belongs(event, call)) return [...call.parts];
  return call.parts.filter((part) => !event.some(({ parts }) => parts.includes(part)));
}

/**
 * True for a call that began after the others of its event were written down: one of them still runs, or this
 * registration has not called yet and the model has said nothing since. A registration that has called means a new event.
 */
export function joinsLate(before: readonly Call[], call: Call, look: Look): boolean {
  const event = lastEventLike(before, call);
  const last = event.at(-1);
  if (last === undefined || belongs(event, call)) return false;
  if (call.since - last.at > LATE_TICKS || look.hasSpokenSince(last.size)) return false;
  return event.every(({ by }) => by !== call.by) || event.some((one) => look.isRunning(one));
}

/** Ten minutes: the longest that a host lets a hook run which names no bound of its own. */
const LATE_TICKS = 10 * 60 * 100;

/** The calls of the newest event with this payload; empty when there was none. */
function lastEventLike(before: readonly Call[], { event, agent, boot }: Call): Call[] {
  let calls: Call[] = [];
  for (const one of before) {
    if (one.event !== event || one.agent !== agent || one.boot !== boot) continue;
    calls = belongs(calls, one) ? [...calls, one] : [one];
  }
  return calls;
}

/** A host starts the calls of its next event when those of this one have ended: what ran at the same time is one event. */
function belongs(event: readonly Call[], { since, late }: Call): boolean {
  return event.length > 0 && (late || event.some(({ at }) => since < at));
}
