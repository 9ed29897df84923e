import { StopgateError } from '../errors.ts';
import { takeBack } from '../shutdown/take-back.ts';
import type { StatePaths } from '../state/paths.ts';
import { updateLaunch } from './launch-store.ts';
import { nameOf } from './report/describe.ts';
import type { Item } from './report/items.ts';
import type { Release, Retention } from './retention.ts';
import { changeSession } from './store.ts';

const LOCK_MS = 10_000;

/** What `session keep` and `session release` write into everything that is registered of a session. */
export interface Mark {
  retained: Retention | null;
  released: Release | null;
}

/**
 * Keeps or releases a session: its records, and its launch. What is not registered cannot be kept, and is never acted
 * on anyway. @throws StopgateError `not-registered`, `disappeared`.
 */
export function retain(paths: StatePaths, item: Item, mark: Mark): void {
  const { sessionIds, marks } = entriesOf(item);
  if (sessionIds.length + marks.length === 0) {
    throw new StopgateError('not-registered', `Nothing is recorded of ${nameOf(item)}.`, {
      hint: 'No cleanup touches what is not recorded: there is nothing to keep it from.',
    });
  }
  let changed = 0;
  for (const id of sessionIds) {
    if (changeSession(paths, id, LOCK_MS, (before) => ({ ...before, ...mark }))) changed += 1;
    if (mark.retained !== null) takeBack(paths, id);
  }
  for (const id of marks) {
    if (updateLaunch(paths, id, LOCK_MS, (before) => ({ ...before, ...mark }))) changed += 1;
  }
  if (changed > 0) return;
  throw new StopgateError('disappeared', `What was recorded of ${nameOf(item)} is gone by now.`, {
    hint: 'See what is there: stopgate session report',
  });
}

function entriesOf(item: Item): { sessionIds: string[]; marks: string[] } {
  switch (item.kind) {
    case 'tmux': {
      const { records, launch } = item.tied;
      return { sessionIds: records.map((r) => r.sessionId), marks: launch ? [launch.mark] : [] };
    }
    case 'record':
      return { sessionIds: [item.record.sessionId], marks: [] };
    case 'launch':
      return { sessionIds: [], marks: [item.launch.mark] };
    case 'build':
    case 'server':
    case 'file':
      return { sessionIds: [], marks: [] };
    default:
      return item satisfies never;
  }
}
