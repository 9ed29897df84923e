import { resolve } from 'node:path';
import { currentDir } from '../../cwd.ts';
import { StopgateError } from '../../errors.ts';
import { readPlan } from '../../session/report/plan-file.ts';
import { probe } from '../../session/report/probe.ts';
import { itemsOfPlan, prune } from '../../session/report/prune.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { show } from './show.ts';

interface Flags {
  olderThan?: number;
  plan?: string;
  force?: true;
  dryRun?: true;
  json?: true;
}

/** `session prune`: ends and removes what the age or a saved plan names; without `--force` it only says so. */
export async function pruneSessions(flags: Flags): Promise<void> {
  const { olderThan, plan: file } = flags;
  if ((olderThan === undefined) === (file === undefined)) {
    throw new StopgateError('usage', 'Expected either --older-than or --plan.', {
      hint: 'For example: stopgate session prune --older-than 7d',
      exitCode: 2,
    });
  }
  const paths = statePaths(stateDir());
  const plan = file === undefined ? null : readPlan(resolve(currentDir(), file));
  const seen = await probe(paths);
  const { world, only } = plan === null ? { world: seen } : itemsOfPlan(plan, seen);
  const olderThanMs = plan === null ? (olderThan ?? null) : plan.olderThanMs;
  const force = flags.force === true && !flags.dryRun;
  const done = await prune(paths, world, { olderThanMs, force, ...(only ? { only } : {}) });
  show(done, world, { json: flags.json === true, olderThanMs });
}
