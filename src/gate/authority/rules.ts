import type { Artifact, Evidence } from './evidence.ts';
import { type Answer, RULES, type Rule } from './rule-set.ts';
import type { Signals } from './signals.ts';

/** A commit older than this says nothing of what the session does now. */
const RECENT_MS = 60 * 60_000;

/** An answer, and in a sentence the facts behind it. */
export interface Explained extends Answer {
  because: string;
}

/**
 * The embedded authority. Pure: the same evidence gives the same answer. It continues only where the agent's own last
 * sentence says that it goes on, nothing in the message speaks against it, and git shows what there is to go on with.
 */
export function judgeByRules(evidence: Evidence, now: number): Explained {
  const { signals } = evidence;
  const settled = judgeBySignals(signals);
  if (settled !== null) return settled;
  return signals.goesOn ? judgeGoingOn(evidence, now) : judgeEnd(evidence);
}

/** What the message alone settles: then git need not be asked. */
export function judgeBySignals(signals: Signals): Explained | null {
  if (!signals.speaks) return answer('insufficient-signal', 'there is no last message');
  if (signals.selfReference) return answer('self-reference', 'the message speaks of this hook');
  if (signals.lacks) return answer('missing-information', 'the message names what it lacks');
  if (signals.asks) return answer('question-for-person', 'the message asks, or waits for a word');
  if (signals.blocked) return answer('blocking-error', 'the message names what it cannot get past');
  if (signals.waits) return answer('insufficient-signal', 'something else has to happen first');
  return null;
}

/** The agent said that it goes on: with what, is for git to show. */
function judgeGoingOn(evidence: Evidence, now: number): Explained {
  const { signals, repository, sessionStart, commits, artifacts } = evidence;
  const unsure = (because: string) => answer('insufficient-signal', because);
  if (signals.finished) return unsure('the message says both that it goes on and that all is done');
  if (signals.doubts.length > 0) return unsure(`the message is ${signals.doubts.join(', ')}`);
  if (repository === null) return unsure('there is no working tree of git');
  if (sessionStart === null) return unsure('the start of this session is not known');
  if (repository.operation !== null) return unsure(`a ${repository.operation} is in progress`);
  if (repository.conflicts > 0) return unsure(`${repository.conflicts} files are in conflict`);

  const last = commits[0];
  const lastId = last ? [last.id] : [];
  const own = artifacts.find((file) => file.open > 0 && isOfSession(file));
  if (own) {
    const because = `${itemsAre(own.open)} open in a ${own.kind} that was ${own.inSession} in this session`;
    return answer('plan-next-step-open', because, [own.path, ...lastId]);
  }
  const durable = artifacts.find((file) => file.open > 0 && file.named && isDurable(file));
  if (durable && last) {
    const because = `${itemsAre(durable.open)} open in a committed ${durable.kind} that the message names, and this session commits`;
    return answer('durable-plan-continuation-safe', because, [durable.path, ...lastId]);
  }
  if (last && signals.progress && now - Date.parse(last.at) <= RECENT_MS) {
    const because = `the message tells of progress, and the last of ${commits.length} commits is recent`;
    return answer('recent-commit-incremental', because, lastId);
  }
  return unsure('there is neither an open item nor a recent commit that the message speaks of');
}

/** The agent did not say that it goes on. */
function judgeEnd({ signals, artifacts }: Evidence): Explained {
  const open = artifacts.find((file) => file.open > 0 && isOfSession(file));
  if (!open)
    return answer('work-complete', 'the message ends, and no item of this session is open');
  const said = signals.finished ? 'the message says that all is done, but ' : '';
  return answer(
    'insufficient-signal',
    `${said}${itemsAre(open.open)} open in a ${open.kind} of this session`,
  );
}

function itemsAre(count: number): string {
  return count === 1 ? '1 item is' : `${count} items are`;
}

function isOfSession({ inSession }: Artifact): boolean {
  return inSession === 'created' || inSession === 'modified';
}

function isDurable({ latest, dirty, inSession }: Artifact): boolean {
  return latest !== null && !dirty && inSession === 'no';
}

function answer(rule: Rule, because: string, pointers: string[] = []): Explained {
  return { decision: RULES[rule], rule, pointers, because };
}
