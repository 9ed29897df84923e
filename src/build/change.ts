import { StopgateError } from '../errors.ts';
import type { Moment } from '../owner/moment.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import { isTerminal, move, type Phase } from './phases.ts';
import type { Build, Change, FailedCheck } from './schema.ts';

/** Pure edits of a build: each returns a new build, or throws a refusal that a person can act on. */

/** Keeps the newest changes; the first one, how it started, stays. */
const HISTORY_MAX = 500;

/** Moves a build; a move to the phase that it is in is done already, and returns the same object. */
export function toPhase(build: Build, to: Phase, at: string, note?: string): Build {
  if (build.phase === to) return build;
  const plan = move(build.phase, to, build.fixRounds);
  if (plan.kind === 'illegal') throw illegalMove(build, to, plan.open);
  const what = plan.to === to ? 'phase' : 'fix rounds spent';
  const moved = { ...build, phase: plan.to, fixRounds: plan.fixRounds };
  return progressed(moved, { at, what, from: build.phase, to: plan.to, ...noted(note) });
}

export function addStep(
  build: Build,
  step: { description: string; tests?: number; passing?: number },
  at: string,
): Build {
  assertOpen(build, 'take a step in');
  const steps = [...build.steps, { at, ...step }];
  return progressed({ ...build, steps }, { at, what: 'step', note: step.description });
}

export function pause(build: Build, reason: string, at: string): Build {
  if (build.phase === 'paused') return { ...build, pauseReason: reason, updatedAt: at };
  const paused = toPhase(build, 'paused', at, reason);
  return { ...paused, pausedFrom: build.phase, pauseReason: reason };
}

export function resume(build: Build, at: string): Build {
  if (build.phase !== 'paused' || build.pausedFrom === null) {
    throw new StopgateError(
      'not-paused',
      `Build ${build.id} is in phase ${build.phase}, not paused.`,
      {
        hint: 'Only a paused build can be resumed; see: stopgate build status',
      },
    );
  }
  const back = { ...build, phase: build.pausedFrom, pausedFrom: null, pauseReason: null };
  return progressed(back, { at, what: 'resumed', from: 'paused', to: build.pausedFrom });
}

/** Gives a build its whole budget again. */
export function renew(build: Build, at: string, moment: Moment): Build {
  assertOpen(build, 'renew');
  const { cappedAt: _, ...kept } = build.budget;
  const note = `${kept.spent} of ${kept.limit} were spent`;
  const whole = { ...kept, spent: 0, streak: 0, toldAt: null, renewedAt: moment };
  return changed({ ...build, budget: whole }, { at, what: 'renewed', note });
}

/** Gives a build to another owner. The session that had it may come back once the new one is gone. */
export function claim(build: Build, owner: OwnerStamp, at: string): Build {
  assertOpen(build, 'claim');
  const before = build.owner;
  const former = [...(before?.former ?? []), ...(before?.sessionId ? [before.sessionId] : [])];
  const others = [...new Set(former)].filter((id) => id !== owner.sessionId);
  const from = before === null ? 'nobody' : `${before.host ?? 'session'} ${before.sessionId}`;
  const to = owner.sessionId ?? `the agent of tmux session ${owner.tmuxName}`;
  const claimed = { ...build, owner: { ...owner, former: others } };
  return changed(claimed, { at, what: 'claimed', note: `by ${to} from ${from}` });
}

/** Gives the build up: it stays open and unowned, and holds nobody. */
export function release(build: Build, at: string): Build {
  assertOpen(build, 'release');
  return changed({ ...build, owner: null }, { at, what: 'released' });
}

export function checkFailed(build: Build, failedCheck: FailedCheck, at: string): Build {
  const note = `${failedCheck.command}: ${failedCheck.outcome}`;
  return changed({ ...build, failedCheck }, { at, what: 'check failed', note });
}

/** What a run of all checks came to: the first that failed, or `null`. */
export function checked(build: Build, failed: FailedCheck | null, at: string): Build {
  if (failed !== null) return checkFailed(build, failed, at);
  return build.failedCheck === null ? build : { ...build, failedCheck: null };
}

/** Any edit that is no progress. */
export function changed(build: Build, change: Change): Build {
  const [first, ...rest] = [...build.history, change];
  const history = first ? [first, ...rest.slice(-(HISTORY_MAX - 1))] : [];
  return { ...build, history, updatedAt: change.at };
}

/** A phase move, a step or a new commit: the second bound starts afresh (docs/builds.md). */
export function progressed(build: Build, change: Change): Build {
  return changed({ ...build, budget: { ...build.budget, streak: 0 } }, change);
}

/** @throws StopgateError `terminal`. */
export function assertOpen(build: Build, verb: string): void {
  if (!isTerminal(build.phase)) return;
  throw new StopgateError('terminal', `Cannot ${verb} build ${build.id}: it is ${build.phase}.`, {
    hint: 'Start a new one: stopgate build start "<task>"',
  });
}

function illegalMove(build: Build, to: Phase, open: readonly Phase[]): StopgateError {
  const hint = isTerminal(build.phase)
    ? 'The build has ended; start a new one: stopgate build start "<task>"'
    : build.phase === 'paused'
      ? 'Go on with: stopgate build resume'
      : `From ${build.phase} it can go to: ${open.join(', ')}`;
  return new StopgateError(
    'illegal-move',
    `Build ${build.id} cannot go from ${build.phase} to ${to}.`,
    { hint },
  );
}

function noted(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}
