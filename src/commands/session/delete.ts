import { act } from '../../session/report/act.ts';
import { looksAgain } from '../../session/report/fresh.ts';
import { itemsOf } from '../../session/report/items.ts';
import { named } from '../../session/report/named.ts';
import { actionFor } from '../../session/report/plan.ts';
import { probe } from '../../session/report/probe.ts';
import type { Done } from '../../session/report/prune.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { show } from './show.ts';

interface Flags {
  force?: true;
  dryRun?: true;
  json?: true;
}

/** `session delete NAME`: removes the record of one session that is over. A session that lives is never ended by it. */
export async function deleteNamed(name: string, flags: Flags): Promise<void> {
  const paths = statePaths(stateDir());
  const world = await probe(paths);
  const item = named(name, itemsOf(world, { at: world.at, olderThanMs: null }));
  const done = await decide();
  show([done], world, { json: flags.json === true, olderThanMs: null });

  async function decide(): Promise<Done> {
    const action = actionFor(item);
    const deletes = action !== null && action.do !== 'end-session';
    if (item.judgement.keptBy !== null || !deletes)
      return { item, outcome: { verdict: 'refused', reason: item.judgement.keptBy ?? 'live' } };
    if (flags.force !== true || flags.dryRun) return { item, outcome: { verdict: 'would_delete' } };
    return { item, outcome: await act(paths, action, looksAgain(paths, world, null)) };
  }
}
