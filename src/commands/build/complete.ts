import { checkFailed, toPhase } from '../../build/change.ts';
import { firstFailing } from '../../build/checks.ts';
import { findBuild } from '../../build/find.ts';
import type { Build, FailedCheck } from '../../build/schema.ts';
import { StopgateError } from '../../errors.ts';
import { contextOfChange } from '../context.ts';
import { plain, print } from '../print.ts';
import { shellFor } from './shell-for.ts';
import { update } from './update.ts';

/**
 * `build complete`: refuses while one of the build's checks fails. Only a run of ours makes a check green, with no more
 * rights than whoever wrote it down.
 */
export async function completeBuild(id?: string, evidence?: string): Promise<void> {
  const ctx = contextOfChange();
  const { build } = findBuild(ctx.paths, ctx.me, ctx.lineageOf, id);
  toPhase(build, 'complete', ctx.at);
  const failed = build.checks.length === 0 ? null : await runChecks(build, ctx.me.cwd);
  const after = { ...ctx, at: new Date().toISOString() };
  if (failed) {
    update(after, id, (fresh, at) => checkFailed(fresh, failed, at));
    throw notComplete(build.id, failed);
  }
  update(after, id, (fresh, at) => ({
    ...toPhase(fresh, 'complete', at, evidence),
    failedCheck: null,
  }));
  print(`build ${build.id}: complete`);
}

async function runChecks(build: Build, here: string): Promise<FailedCheck | null> {
  const cwd = build.checkouts[0] ?? here;
  const { checks: commands, checksFrom: origin } = build;
  const { shell, where } = await shellFor({ build: build.id, commands, cwd, origin });
  const begin = (command: string) =>
    print(`checking${where === '' ? '' : ` (${where})`}: ${plain(command, 1000)}`);
  const failed = await firstFailing(commands, cwd, { begin, shell });
  if (failed === null || where === '') return failed;
  return { ...failed, outcome: `${failed.outcome}, ${where}` };
}

function notComplete(id: string, { command, outcome, tail }: FailedCheck): StopgateError {
  const message = `Build ${id} is not complete: its check "${plain(command)}" failed (${plain(outcome)}).\n${tail}`;
  return new StopgateError('check-failed', message.trimEnd(), {
    hint: 'Fix it, then again: stopgate build complete',
  });
}
