import type { IdleFacts } from '../idle/facts.ts';
import { obstacleTo } from '../idle/obstacle.ts';
import { QUIT } from '../idle/type.ts';

/** Everything that one look of a closer found. */
export interface Facts extends IdleFacts {
  /** `other`: a later stop, or a new request, took this one's place. */
  request: 'same' | 'other' | 'gone';
  kept: boolean;
  /** The record says that the session runs in this very process. */
  sameProcess: boolean;
  /** The record says that the session ended, `/clear` say. */
  ended: boolean;
  /** Something happened in the session since the approved stop. */
  prompted: boolean;
  /** False when the pane may show another session: told for sessions of Codex's shared daemon only. */
  answerShown: boolean;
  /** An earlier try typed the command that leaves, and it may still stand there. */
  leftover: boolean;
}

export type Decision =
  | { kind: 'go' }
  /** Look again: this passes, or the wait runs out. */
  | { kind: 'wait'; reason: string }
  /** Leave it to the next idle. */
  | { kind: 'defer'; reason: string }
  /** The request is void. */
  | { kind: 'drop'; reason: string };

/** Decides what a closer does next: the first thing that speaks against the end names the decision. Pure. */
export function decide(facts: Facts): Decision {
  if (facts.request === 'gone') return drop('the request was taken back');
  if (facts.request === 'other') return defer('a later stop took its place');
  if (facts.kept) return drop('the session is kept: stopgate session keep');
  if (facts.agent === 'dead') return drop('the process is gone');
  if (!facts.sameProcess) return drop('the session runs in another process');
  if (facts.ended) return drop('the session has ended');
  if (facts.prompted) return defer('a prompt arrived first');
  const obstacle = obstacleTo(facts, facts.leftover ? QUIT : null);
  if (obstacle !== null) return wait(obstacle.reason);
  if (!facts.answerShown) return wait('the pane does not show the last message of this session');
  return { kind: 'go' };
}

const wait = (reason: string): Decision => ({ kind: 'wait', reason });
const defer = (reason: string): Decision => ({ kind: 'defer', reason });
const drop = (reason: string): Decision => ({ kind: 'drop', reason });
