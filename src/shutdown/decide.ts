import type { Liveness } from '../owner/process.ts';
import type { Composer } from './composer.ts';
import type { TurnState } from './transcript.ts';

/** Everything that one look of a closer found. */
export interface Facts {
  /** `other`: a later stop, or a new request, took this one's place. */
  request: 'same' | 'other' | 'gone';
  kept: boolean;
  agent: Liveness;
  /** The record says that the session runs in this very process. */
  sameProcess: boolean;
  /** The record says that the session ended, `/clear` say. */
  ended: boolean;
  /** Something happened in the session since the approved stop. */
  prompted: boolean;
  turn: TurnState;
  /** A command or a subagent of the session still runs; Codex only, Claude names its own at the stop. */
  background: boolean;
  pane: 'shown' | 'suspended' | 'other-process' | 'unseen';
  inMode: boolean;
  synchronized: boolean;
  /** How long ago an attached client was used; `null` when none is attached. */
  clientIdleMs: number | null;
  /** False when the pane may show another session: told for sessions of Codex's shared daemon only. */
  answerShown: boolean;
  composer: Composer;
  /** An earlier try typed the command that leaves, and it may still stand there. */
  leftover: boolean;
  /** For how long the screen has shown the same. */
  stillMs: number;
}

export type Decision =
  | { kind: 'go' }
  /** Look again: this passes, or the wait runs out. */
  | { kind: 'wait'; reason: string }
  /** Leave it to the next idle. */
  | { kind: 'defer'; reason: string }
  /** The request is void. */
  | { kind: 'drop'; reason: string };

/** An attached person who used the terminal this recently may be about to type. */
const CLIENT_IDLE_MS = 30_000;
/** A queued prompt shows within half a second of the end of a turn. */
const STILL_MS = 1_000;

/** What is typed to end Codex. */
export const QUIT = '/quit';

/** Decides what a closer does next: the first thing that speaks against the end names the decision. Pure. */
export function decide(facts: Facts): Decision {
  if (facts.request === 'gone') return drop('the request was taken back');
  if (facts.request === 'other') return defer('a later stop took its place');
  if (facts.kept) return drop('the session is kept: stopgate session keep');
  if (facts.agent === 'dead') return drop('the process is gone');
  if (!facts.sameProcess) return drop('the session runs in another process');
  if (facts.ended) return drop('the session has ended');
  if (facts.prompted) return defer('a prompt arrived first');
  return obstacle(facts) ?? { kind: 'go' };
}

function obstacle(facts: Facts): Decision | null {
  if (facts.agent === 'unknown') return wait('the process cannot be read');
  if (facts.turn === 'unreadable') return wait('the transcript cannot be read');
  if (facts.turn === 'open') return wait('the turn is not over');
  if (facts.background) return wait('a command or a subagent runs in the background');
  if (facts.pane === 'unseen') return wait('the pane cannot be seen');
  if (facts.pane === 'other-process') return wait('the pane shows another process');
  if (facts.pane === 'suspended') return wait('the process is not in the foreground of its pane');
  if (facts.inMode) return wait('a person scrolls in the pane');
  if (facts.synchronized) return wait('keys of this pane go to other panes too');
  if (facts.clientIdleMs !== null && facts.clientIdleMs < CLIENT_IDLE_MS) {
    return wait('an attached client was active in the last 30 s');
  }
  if (!facts.answerShown) return wait('the pane does not show the last message of this session');
  if (facts.composer.kind === 'unknown') return wait('the input line cannot be found');
  if (facts.composer.kind === 'typed' && !isOwn(facts)) return wait('a prompt is half typed');
  if (facts.stillMs < STILL_MS) return wait('the screen has not settled');
  return null;
}

function isOwn({ composer, leftover }: Facts): boolean {
  return leftover && composer.kind === 'typed' && composer.text === QUIT;
}

const wait = (reason: string): Decision => ({ kind: 'wait', reason });
const defer = (reason: string): Decision => ({ kind: 'defer', reason });
const drop = (reason: string): Decision => ({ kind: 'drop', reason });
