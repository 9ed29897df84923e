import type { HostId } from '../owner/identity.ts';
import { type AgentProcess, type Liveness, livenessOf } from '../owner/process.ts';
import type { PaneStamp } from '../owner/stamp.ts';
import { hasBackgroundWork } from './background.ts';
import { type Composer, composerOf, stillPart } from './composer.ts';
import { lookAtPane, type PaneAnswer, type PaneLook } from './pane.ts';
import { type PlaceInPane, placeIn } from './place.ts';
import { type TurnState, turnOf } from './transcript.ts';

/** An agent that seems idle: what has to be known of it to look. */
export interface Subject {
  host: HostId;
  sessionId: string;
  agent: AgentProcess | null;
  pane: PaneStamp | null;
  transcript: string | null;
}

/** Everything that has to agree before an agent may be called idle, whoever asks. */
export interface IdleFacts {
  agent: Liveness;
  turn: TurnState;
  /** A command or a subagent of the session still runs; Codex only, Claude names its own at the stop. */
  background: boolean;
  pane: PlaceInPane | 'unseen';
  inMode: boolean;
  synchronized: boolean;
  /** How long ago an attached client was used; `null` when none is attached. */
  clientIdleMs: number | null;
  composer: Composer;
  /** For how long the screen has shown the same. */
  stillMs: number;
}

/** One look: the facts, and what of the screen does not change while a host waits. */
export interface IdleLook {
  facts: IdleFacts;
  pane: PaneLook | null;
  shown: string | null;
}

/** Looks once at process, transcript, background work, pane and input line. `message`: the end of its last message. */
export function lookAtIdle(subject: Subject, message: string | null, now: number): IdleLook {
  const { host, sessionId, agent, transcript } = subject;
  const turn = turnOf(host, transcript, message);
  const answer: PaneAnswer =
    subject.pane === null ? { kind: 'unseen', why: 'no pane' } : lookAtPane(subject.pane);
  const pane = answer.kind === 'seen' ? answer.look : null;
  const facts: IdleFacts = {
    agent: livenessOf(agent),
    turn,
    background: host === 'codex' && hasBackgroundWork(sessionId, agent, transcript),
    pane: pane === null ? 'unseen' : placeIn(pane.panePid, agent),
    inMode: pane?.inMode ?? false,
    synchronized: pane?.synchronized ?? false,
    clientIdleMs: pane?.clientUsedAt == null ? null : now - pane.clientUsedAt,
    composer: pane === null ? { kind: 'unknown' } : composerOf(host, pane),
    stillMs: pane === null ? 0 : now - pane.drawnAt,
  };
  return { facts, pane, shown: pane && stillPart(host, pane) };
}
