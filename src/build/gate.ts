import type { Match } from '../owner/match.ts';
import type { Moment } from '../owner/moment.ts';
import type { ApproveCause, Verdict } from '../verdict.ts';
import { type Spending, spend } from './budget.ts';
import { isTerminal } from './phases.ts';
import { blockReason, cappedMessage } from './reason.ts';
import type { Build } from './schema.ts';
import { type IsAlive, openWaits } from './waits.ts';

/** A build and what the ladder says of it. */
export interface Candidate {
  build: Build;
  match: Match;
}

/** What one stop looks like to the gate. */
export interface Stop {
  /** The event is a subagent's, or no stop at all: it never counts as the owner stopping. */
  fromSubagent: boolean;
  /** Background work will wake the session. */
  waiting: boolean;
  /** Tells whether a process that the build waits for is still there. */
  isAlive: IsAlive;
  /** Reads the commit that a checkout is at; asked only for the owner's build. */
  head: (checkout: string) => string | null;
  at: string;
  moment: Moment;
  /** The working tree that the session stops in, `null` when that is not known. */
  place: string | null;
}

/** The gate's decision; `save` is the owner's build as it must be written before the verdict is spoken. */
export interface Decision {
  verdict: Verdict;
  candidate: Candidate | null;
  save: Build | null;
}

/** Decides one stop. Pure but for `stop.head`; only the proven owner of an unfinished build is blocked. */
export function decide(candidates: readonly Candidate[], stop: Stop): Decision {
  if (stop.fromSubagent) return approve('foreign', null);
  const owned = ownedBuild(candidates);
  if (owned === null) return approveOthers(candidates);
  const { phase } = owned.build;
  if (isTerminal(phase)) return approve('terminal', owned);
  if (phase === 'paused') return approve('paused', owned);
  if (stop.waiting || openWaits(owned.build, stop.isAlive, stop.at).length > 0)
    return approve('waiting', owned);
  const head = stop.head(owned.build.checkouts[0] ?? '');
  return settle(owned, spend(owned.build, head, stop.at, stop.moment), stop.place);
}

/** The unfinished build that the asker owns, else a paused, else an ended one; the firmest row of the ladder first. */
export function ownedBuild(candidates: readonly Candidate[]): Candidate | null {
  const weight = ({ build, match }: Candidate) =>
    (isTerminal(build.phase) ? 200 : build.phase === 'paused' ? 100 : 0) +
    Number.parseInt(String(match.row), 10);
  const owned = candidates.filter(({ match }) => match.answer === 'owner');
  return owned.sort((a, b) => weight(a) - weight(b))[0] ?? null;
}

function settle(owned: Candidate, spending: Spending, place: string | null): Decision {
  const { build } = spending;
  switch (spending.kind) {
    case 'spend': {
      const cause = build.failedCheck ? 'check-failed' : 'unfinished';
      const inherited = owned.match.answer === 'owner' && owned.match.inherited;
      const reason = blockReason(build, inherited, place);
      const verdict: Verdict = { decision: 'block', cause, reason };
      return { verdict, candidate: { ...owned, build }, save: build };
    }
    case 'spent': {
      const told = spending.tell ? { systemMessage: cappedMessage(build, spending.bound) } : {};
      const verdict: Verdict = { decision: 'approve', cause: 'capped', ...told };
      return { verdict, candidate: { ...owned, build }, save: spending.tell ? build : null };
    }
    default:
      return spending satisfies never;
  }
}

/** Names the most telling of the reasons why no build here is the asker's. */
function approveOthers(candidates: readonly Candidate[]): Decision {
  const open = candidates.filter(({ build }) => !isTerminal(build.phase));
  for (const answer of ['foreign', 'unknown-identity', 'unowned'] as const) {
    const found = open.find(({ match }) => match.answer === answer);
    if (found) return approve(answer, found);
  }
  return approve('inactive', null);
}

function approve(cause: ApproveCause, candidate: Candidate | null): Decision {
  return { verdict: { decision: 'approve', cause }, candidate, save: null };
}
