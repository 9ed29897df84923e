import type { StatePaths } from '../../state/paths.ts';
import { type Item, itemsOf } from './items.ts';
import { type Action, keyOfItem } from './plan.ts';
import { lookAgain } from './probe.ts';
import type { World } from './world.ts';

/** What one more look found: the world, and the item of each key. */
export interface Fresh {
  world: World;
  items: ReadonlyMap<string, Item>;
}

export type FreshLook = (action: Action) => Promise<Fresh>;

/** Thousands of records are not worth a look each: what was proven gone does not come back. */
const FRESH_MS = 2_000;

/**
 * Looks again right before an act, at everything that it rests on. A session that is to be ended has a look of its own;
 * entries of the registry on one server share theirs for two seconds, and whoever removes one compares it once more.
 */
export function looksAgain(
  paths: StatePaths,
  before: World,
  olderThanMs: number | null,
): FreshLook {
  const shared = new Map<string | null, { fresh: Fresh; until: number }>();
  const look = async (socket: string | null): Promise<Fresh> => {
    const world = await lookAgain(paths, before, socket);
    const items = itemsOf(world, { at: world.at, olderThanMs });
    return { world, items: new Map(items.map((item) => [keyOfItem(item) ?? '', item])) };
  };
  return async (action) => {
    if (action.do === 'end-session') {
      shared.clear();
      return look(action.target.socket);
    }
    const last = shared.get(action.socket);
    if (last !== undefined && Date.now() < last.until) return last.fresh;
    const fresh = await look(action.socket);
    shared.set(action.socket, { fresh, until: Date.now() + FRESH_MS });
    return fresh;
  };
}
