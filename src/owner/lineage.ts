import { isBefore, type Moment, momentOf } from './moment.ts';
import type { AgentProcess, Liveness } from './process.ts';

/**
 * What is recorded of how the asking session came to be, next to one stamp. Only recorded facts make an heir by place:
 * silence is not death (docs/adr/0001-ownership.md).
 */
export interface Lineage {
  /** The session began by `clear` in the stamped agent process, directly after the stamped session. */
  cleared: boolean;
  restart: Restart;
  /** No other recorded agent was in the stamped tmux session when the owner ended. */
  alone: boolean;
  /** Whether the session that the stamp names still runs; `dead` also when nothing was ever recorded of it. */
  stamped: Liveness;
}

/**
 * How the start of the asking agent process lies to the end of the stamped one.
 * `after`: it started when the owner had ended. `at-once`: the owner ended at most {@link GRACE_SECONDS} later.
 * `unrecorded`: no start of the session is recorded, but its process began after the owner's last sign of life.
 * `beside`: none of these is proven. `decided`: the session's start is recorded, so its place was judged then.
 */
export type Restart = 'after' | 'at-once' | 'unrecorded' | 'beside' | 'decided';

/** `respawn-pane -k` and supervisors start the next agent while the last one is still ending. */
export const GRACE_SECONDS = 5;

/** A session about whose place nothing more is asked. */
export const DECIDED: Lineage = {
  cleared: false,
  restart: 'decided',
  alone: false,
  stamped: 'unknown',
};

/** What is known of the stamped agent's end, and of the asking agent's start. */
export interface RestartFacts {
  /** The asking agent process, and the stamped one. */
  agent: AgentProcess | null;
  owner: AgentProcess | null;
  /** A hook of the asking session saw it start. */
  startRecorded: boolean;
  /** The stamped agent ran above the asking session when that started: a child is no heir. */
  above: boolean;
  /** When the stamped agent ended at the latest: its SessionEnd, or the first look that found it gone. */
  ended: Moment | null;
  /** When anything of the owner was last recorded. */
  lastSeen: Moment | null;
}

/** Tells how the asking agent started, next to an owner that is dead now. Pure. */
export function restartOf(facts: RestartFacts): Restart {
  const began = facts.agent && momentOf(facts.agent.start);
  const ownerBegan = facts.owner && momentOf(facts.owner.start);
  if (!began || !ownerBegan || facts.above) return 'beside';
  // A parent is older than the child whose build is left: it is no restart of it.
  if (isBefore(began, ownerBegan) && !isBefore(ownerBegan, began)) return 'beside';
  if (!facts.startRecorded) {
    return facts.lastSeen !== null && isBefore(facts.lastSeen, began) ? 'unrecorded' : 'beside';
  }
  if (facts.ended === null) return 'beside';
  if (isBefore(facts.ended, began)) return 'after';
  return isBefore(facts.ended, began, GRACE_SECONDS) ? 'at-once' : 'beside';
}
