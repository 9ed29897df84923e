import { onLedger } from '../../cleanup/ledger.ts';
import type { Outcome, Reason } from '../../cleanup/words.ts';
import type { StatePaths } from '../../state/paths.ts';
import { updateLaunch } from '../launch-store.ts';
import { deleteSession } from '../store.ts';
import { type Ended, endSession } from './end.ts';
import { endBuild } from './end-build.ts';
import { lastSignOf } from './entry-facts.ts';
import type { FreshLook } from './fresh.ts';
import { type Item, itemsOf } from './items.ts';
import { type Action, actionFor, isCandidate, keyOfAction, keyOfItem } from './plan.ts';
import { lookAgain } from './probe.ts';
import { lookRightBefore } from './right-before.ts';
import type { World } from './world.ts';

const LOCK_MS = 10_000;

/**
 * Carries one action out, after looking again: only what is still the same candidate is touched. Both are written to
 * the ledger, the begin before anything is done.
 */
export async function act(paths: StatePaths, action: Action, look: FreshLook): Promise<Outcome> {
  const { world, items } = await look(action);
  const refused = whyNotNow(action, items.get(keyOfAction(action)));
  if (refused !== null) return { verdict: 'refused', reason: refused };
  return outcomeOf(await onLedger(paths, action, () => carryOut(paths, action, world), String));
}

/** What keeps it by the look of this moment; `null` when it still is the same candidate. */
function whyNotNow(action: Action, item: Item | undefined): Reason | null {
  if (item === undefined) return 'disappeared';
  if (!isCandidate(item)) return item.judgement.keptBy ?? 'identity-changed';
  return JSON.stringify(actionFor(item)) === JSON.stringify(action) ? null : 'plan-stale';
}

type EndSession = Extract<Action, { do: 'end-session' }>;
type Result = Ended | 'deleted' | 'changed' | 'missing';

async function carryOut(paths: StatePaths, action: Action, world: World): Promise<Result> {
  switch (action.do) {
    case 'end-session': {
      const ended = await endSession(action, {
        rightBefore: ({ sessionId }) => lookRightBefore(paths, sessionId, world),
        isAtRest: () => isAtRest(paths, action, world),
      });
      if (ended === 'ended' && action.launch) forget(paths, action.target.mark);
      return ended;
    }
    case 'delete-record':
      return deleteSession(paths, action.sessionId, LOCK_MS, (record) => {
        const isSame = lastSignOf(record) === action.lastActivityAt;
        return record.status === action.status && isSame && !record.retained;
      });
    case 'end-build':
      return endBuild(paths, action);
    case 'delete-launch':
      return forget(paths, action.mark);
    default:
      return action satisfies never;
  }
}

/** True when the session, whose agent has just ended, is gone with it, or is as finished as it was with it. */
async function isAtRest(paths: StatePaths, action: EndSession, before: World): Promise<boolean> {
  const world = await lookAgain(paths, before, action.target.socket);
  const items = itemsOf(world, { at: world.at, olderThanMs: null });
  const item = items.find((one) => keyOfItem(one) === keyOfAction(action));
  if (item !== undefined) return isCandidate(item);
  return !items.some((one) => one.kind === 'server' && one.answer.socket === action.target.socket);
}

/** A launch that was kept meanwhile stays. */
function forget(paths: StatePaths, mark: string): 'deleted' | 'changed' | 'missing' {
  let kept = false;
  const found = updateLaunch(paths, mark, LOCK_MS, (launch) => {
    kept = launch.retained != null;
    return kept ? launch : null;
  });
  if (!found) return 'missing';
  return kept ? 'changed' : 'deleted';
}

function outcomeOf(result: Result): Outcome {
  switch (result) {
    case 'ended':
    case 'deleted':
      return { verdict: 'deleted' };
    case 'not-idle':
    case 'agent-stays':
    case 'work-left':
      return { verdict: 'refused', reason: 'live' };
    case 'refused':
    case 'changed':
      return { verdict: 'refused', reason: 'identity-changed' };
    case 'missing':
      return { verdict: 'refused', reason: 'disappeared' };
    case 'outcome-unknown':
      return { verdict: 'refused', reason: 'tmux-timeout' };
    default:
      return result satisfies never;
  }
}
