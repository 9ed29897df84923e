import type { Annotation } from './annotations.ts';
import type { LogEntry, LogRecord } from './log.ts';
import { type Spread, spreadOf } from './spread.ts';

export type Counts = Record<string, number>;
type Judgements = Record<Annotation['judgement'], number>;

/** What the decisions of a time came to. */
export interface GateReport {
  decisions: number;
  /** When the first and the last of them were made. */
  from: string | null;
  to: string | null;
  /** By cause. */
  blocks: Counts;
  /** Stops that were let go after the session's stop before was held, by cause. */
  releases: Counts;
  /** Stops that a bound let go: `limit`, `streak`, `hour`. */
  caps: Counts;
  errors: number;
  /** Calls by agents that are no hosts of ours, by agent. */
  otherHosts: Counts;
  /** What the authority answered. */
  authority: Counts;
  breakerOpenings: number;
  annotations: Judgements;
  /** What gates in shadow would have done, and what a person said of it. */
  shadow: { block: ShadowCount; approve: ShadowCount; agreement: number | null };
  /** Milliseconds: of the whole hook, and of each step. */
  latency: { whole: Spread | null; steps: Record<string, Spread> };
}

export type ShadowCount = Judgements & { decisions: number };

/** Sums decisions up, oldest first. Pure. */
export function reportOf(entries: readonly LogEntry[]): GateReport {
  const records = entries.map(({ record }) => record);
  const shadow = entries.filter(({ record }) => isShadow(record));
  const block = shadowCount(shadow.filter(({ record }) => wouldBlock(record)));
  const approve = shadowCount(shadow.filter(({ record }) => !wouldBlock(record)));
  const [right, wrong] = [block.correct + approve.correct, block.incorrect + approve.incorrect];
  return {
    decisions: records.length,
    from: textOr(records[0]?.at, null),
    to: textOr(records.at(-1)?.at, null),
    blocks: countBy(records.filter(isBlock), 'cause'),
    releases: countBy(releasesIn(records), 'cause'),
    caps: countBy(
      records.filter(({ cause }) => cause === 'capped'),
      'bound',
    ),
    errors: records.filter(({ cause }) => cause === 'error').length,
    otherHosts: countBy(
      records.filter(({ cause }) => cause === 'other-host'),
      'host',
    ),
    authority: countBy(records, 'authority'),
    breakerOpenings: records.filter(({ breaker }) => breaker === 'opened').length,
    annotations: judgementsIn(entries),
    shadow: { block, approve, agreement: right + wrong === 0 ? null : right / (right + wrong) },
    latency: latencyOf(records),
  };
}

function isBlock({ verdict }: LogRecord): boolean {
  return verdict === 'block';
}

/** A gate in shadow judged it: the build's where there is one, else the authority's. */
function isShadow({ mode, build, authority, bound }: LogRecord): boolean {
  const modes = objectOr(mode);
  if (bound === 'hour') return false;
  if (typeof authority === 'string') return modes.authority === 'shadow';
  return modes.build === 'shadow' && typeof build === 'string';
}

function wouldBlock({ would }: LogRecord): boolean {
  return objectOr(would).verdict === 'block';
}

function releasesIn(records: readonly LogRecord[]): LogRecord[] {
  const held = new Set<unknown>();
  return records.filter((record) => {
    const released = !isBlock(record) && held.delete(record.session);
    if (isBlock(record)) held.add(record.session);
    return released;
  });
}

function shadowCount(entries: readonly LogEntry[]): ShadowCount {
  return { decisions: entries.length, ...judgementsIn(entries) };
}

function judgementsIn(entries: readonly LogEntry[]): Judgements {
  const counts: Judgements = { correct: 0, incorrect: 0, unclear: 0 };
  for (const { annotation } of entries) if (annotation) counts[annotation.judgement] += 1;
  return counts;
}

function countBy(records: readonly LogRecord[], key: string): Counts {
  const counts = new Map<string, number>();
  for (const { [key]: value } of records) {
    if (typeof value === 'string') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

function latencyOf(records: readonly LogRecord[]): GateReport['latency'] {
  const steps = new Map<string, number[]>();
  for (const { steps: taken } of records) {
    for (const [step, ms] of Object.entries(objectOr(taken))) {
      if (typeof ms === 'number') steps.set(step, [...(steps.get(step) ?? []), ms]);
    }
  }
  const whole = records.flatMap(({ ms }) => (typeof ms === 'number' ? [ms] : []));
  const spreads = [...steps].flatMap(([step, times]) => {
    const spread = spreadOf(times);
    return spread === null ? [] : [[step, spread] as const];
  });
  return { whole: spreadOf(whole), steps: Object.fromEntries(spreads) };
}

function objectOr(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOr<T>(value: unknown, other: T): string | T {
  return typeof value === 'string' ? value : other;
}
