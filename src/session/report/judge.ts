import type { Reason } from '../../cleanup/words.ts';

/** What an item of the report is (docs/cleanup.md). */
export const CLASSES = [
  'indeterminate',
  'foreign',
  'self',
  'active',
  'retained',
  'registry-missing',
  'runtime-mismatch',
  'completed-retained',
  'cleanup-eligible',
  'abandoned',
  'stale-record',
  'closed',
] as const;

export type SessionClass = (typeof CLASSES)[number];

/** The class of an item, the gate that keeps it (`null`: a candidate), and the facts behind both. */
export interface Judgement {
  class: SessionClass;
  keptBy: Reason | null;
  why: string[];
}

/** Something that could not be told, by a stable code. */
export interface Trouble {
  reason: Reason;
  why: string;
}

/** What is known of one tmux session. Every list is empty and every `null` set only when that is proven. */
export interface TmuxFacts {
  trouble: Trouble | null;
  marked: boolean;
  holdsCaller: boolean;
  /** Who looks at it: its own clients, a member of its group, a session that shows one of its windows. */
  attached: string[];
  /** Other tmux sessions that show its windows. */
  sharedWith: string[];
  /** Panes that run without our mark. */
  notOurs: string[];
  starting: boolean;
  /** Agents that are not proven idle, other programs, open builds, background work. */
  atWork: string[];
  uncertain: string[];
  retained: string | null;
  registered: boolean;
  mismatch: string[];
  /** Agents that live and are proven idle. */
  idle: string[];
  released: boolean;
  lastActivityAt: string;
  /** When it was seen to be a candidate before. */
  observedAt: string | null;
}

/** What is known of an entry of the registry that no tmux session of ours holds. */
export interface EntryFacts {
  trouble: Trouble | null;
  otherMachine: boolean;
  isCaller: boolean;
  /** Its agent process. `none`: the entry names no process. */
  agent: 'alive' | 'dead' | 'unknown' | 'none';
  /** Its pane. `none`: the entry names no pane. */
  pane: 'there' | 'gone' | 'none';
  /** The host said that the session ended. */
  stopped: boolean;
  /** The same agent process went on as another session (`/clear`, `/resume`). */
  superseded: boolean;
  retained: string | null;
  lastActivityAt: string;
}

export interface JudgeOptions {
  at: string;
  /** `null`: no age was given, so age decides nothing. */
  olderThanMs: number | null;
}

/** A second look counts when it comes at least this much later. */
const GRACE_MS = 10_000;

/** Tells the class of a tmux session. Pure: the first matching row of the table decides. */
export function judgeTmux(facts: TmuxFacts, options: JudgeOptions): Judgement {
  if (facts.trouble) return kept('indeterminate', facts.trouble.reason, facts.trouble.why);
  if (!facts.marked) return kept('foreign', 'foreign', 'none of our marks');
  if (facts.holdsCaller) return kept('self', 'self', 'it holds the one who asks');
  if (facts.attached.length > 0) return kept('active', 'attached', ...facts.attached);
  if (facts.sharedWith.length > 0)
    return kept('indeterminate', 'liveness-uncertain', ...facts.sharedWith);
  if (facts.starting) return kept('active', 'grace', 'it was started a moment ago');
  if (facts.notOurs.length > 0) return kept('active', 'live', ...facts.notOurs);
  if (facts.atWork.length > 0) return kept('active', 'live', ...facts.atWork);
  if (facts.uncertain.length > 0)
    return kept('indeterminate', 'liveness-uncertain', ...facts.uncertain);
  if (facts.retained !== null) return kept('retained', 'retained', facts.retained);
  if (!facts.registered)
    return kept(
      'registry-missing',
      'registry-missing',
      'it bears our mark, and nothing is recorded',
    );
  if (facts.mismatch.length > 0)
    return kept('runtime-mismatch', 'runtime-mismatch', ...facts.mismatch);
  if (facts.idle.length > 0 && !facts.released)
    return kept('completed-retained', 'retained', ...facts.idle, 'it was not released');
  const why = facts.idle.length > 0 ? [...facts.idle, 'released'] : ['no agent process is left'];
  return candidate('cleanup-eligible', facts, options, why);
}

/** Tells the class of an entry of the registry. Pure, as {@link judgeTmux}. */
export function judgeEntry(facts: EntryFacts, options: JudgeOptions): Judgement {
  if (facts.otherMachine) return kept('foreign', 'foreign', 'recorded on another machine');
  if (facts.trouble) return kept('indeterminate', facts.trouble.reason, facts.trouble.why);
  if (facts.isCaller) return kept('self', 'self', 'it is the one who asks');
  if (facts.agent === 'unknown')
    return kept('indeterminate', 'liveness-uncertain', 'its agent process cannot be looked up');
  if (facts.agent === 'alive' && !(facts.stopped && facts.superseded)) {
    return facts.stopped
      ? kept('runtime-mismatch', 'live', 'the record says stopped', 'its agent process lives')
      : kept('active', 'live', 'its agent process lives');
  }
  if (facts.agent === 'none' && facts.pane !== 'gone' && !facts.stopped)
    return kept('indeterminate', 'liveness-uncertain', 'nothing tells whether it is alive');
  if (facts.retained !== null) return kept('retained', 'retained', facts.retained);
  const why = [facts.stopped ? 'the host ended it' : 'it never said that it ended', ...gone(facts)];
  return candidate(facts.stopped ? 'closed' : 'stale-record', facts, options, why);
}

function gone({ agent, pane, superseded }: EntryFacts): string[] {
  return [
    ...(superseded ? ['its agent process went on as another session'] : []),
    ...(agent === 'dead' ? ['its agent process is gone'] : []),
    ...(pane === 'gone' ? ['its tmux session is gone'] : []),
  ];
}

/**
 * An entry costs nothing to see gone once: the process and the server said so. A session and a build have to be seen
 * twice.
 */
export function candidate(
  kind: 'cleanup-eligible' | 'abandoned' | 'stale-record' | 'closed',
  facts: { lastActivityAt: string; observedAt?: string | null },
  { at, olderThanMs }: JudgeOptions,
  why: string[],
): Judgement {
  const age = Date.parse(at) - Date.parse(facts.lastActivityAt);
  // A time that cannot be read is of no age.
  if (olderThanMs !== null && !(age > olderThanMs))
    return kept(kind, 'newer-than-threshold', ...why);
  if (!isSeenTwice(kind)) return { class: kind, keptBy: null, why };
  const sinceSeen = Date.parse(at) - Date.parse(facts.observedAt ?? '');
  if (sinceSeen >= GRACE_MS) return { class: kind, keptBy: null, why };
  return kept(kind, 'grace', ...why, 'it has to be seen a second time');
}

/** True for the classes of what a cleanup ends, which takes two looks. */
export function isSeenTwice(kind: SessionClass): boolean {
  return kind === 'cleanup-eligible' || kind === 'abandoned';
}

export function kept(kind: SessionClass, keptBy: Reason, ...why: string[]): Judgement {
  return { class: kind, keptBy, why };
}
