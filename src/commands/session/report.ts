import { resolve } from 'node:path';
import { requireDir } from '../../cwd.ts';
import { itemsOf } from '../../session/report/items.ts';
import { writePlan } from '../../session/report/plan-file.ts';
import { probe } from '../../session/report/probe.ts';
import { foresee, planned } from '../../session/report/prune.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { show } from './show.ts';

interface Flags {
  olderThan?: number;
  plan?: string;
  dryRun?: true;
  json?: true;
}

/** `session report`: looks and tells; the plan is all that it ever writes. */
export async function reportSessions(flags: Flags): Promise<void> {
  const world = await probe(statePaths(stateDir()));
  const olderThanMs = flags.olderThan ?? null;
  const items = itemsOf(world, { at: world.at, olderThanMs });
  if (flags.plan !== undefined && !flags.dryRun)
    writePlan(resolve(requireDir(), flags.plan), {
      at: world.at,
      olderThanMs,
      actions: planned(items),
    });
  show(foresee(items), world, { json: flags.json === true, olderThanMs });
}
