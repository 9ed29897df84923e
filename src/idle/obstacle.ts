import type { IdleFacts } from './facts.ts';

/** What speaks against calling an agent idle: `busy`, it is none; `unknown`, nobody can tell. */
export interface Obstacle {
  kind: 'busy' | 'unknown';
  reason: string;
}

/** An attached person who used the terminal this recently may be about to type. */
const CLIENT_IDLE_MS = 30_000;
/** A queued prompt shows within half a second of the end of a turn. */
const STILL_MS = 1_000;

/**
 * The first thing that speaks against it, or `null`: the agent is idle. `leftover` is what we ourselves may have left in the
 * input line. Pure.
 */
export function obstacleTo(facts: IdleFacts, leftover: string | null = null): Obstacle | null {
  const { composer, clientIdleMs } = facts;
  if (facts.agent !== 'alive') return unknown('the process cannot be read');
  if (facts.turn === 'unreadable') return unknown('the transcript cannot be read');
  if (facts.turn === 'open') return busy(TURN_OPEN);
  if (facts.background) return busy('a command or a subagent runs in the background');
  if (facts.pane === 'unseen') return unknown('the pane cannot be seen');
  if (facts.pane === 'other-process') return unknown('the pane shows another process');
  if (facts.pane === 'suspended') return busy('the process is not in the foreground of its pane');
  if (facts.inMode) return busy('a person scrolls in the pane');
  if (facts.synchronized) return busy('keys of this pane go to other panes too');
  if (clientIdleMs !== null && clientIdleMs < CLIENT_IDLE_MS) {
    return busy('an attached client was active in the last 30 s');
  }
  if (composer.kind === 'unknown') return unknown('the input line cannot be found');
  if (composer.kind === 'typed' && composer.text !== leftover)
    return busy('a prompt is half typed');
  if (facts.stillMs < STILL_MS) return busy(NOT_STILL);
  return null;
}

/** Reasons that pass by themselves within a second or two of every stop. */
export const TURN_OPEN = 'the turn is not over';
export const NOT_STILL = 'the screen has not settled';

const busy = (reason: string): Obstacle => ({ kind: 'busy', reason });
const unknown = (reason: string): Obstacle => ({ kind: 'unknown', reason });
