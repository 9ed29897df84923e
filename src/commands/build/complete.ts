import { checkFailed, toPhase } from '../../build/change.ts';
import { firstFailing } from '../../build/checks.ts';
import { findBuild } from '../../build/find.ts';
import type { FailedCheck } from '../../build/schema.ts';
import { StopgateError } from '../../errors.ts';
import { contextOfChange } from '../context.ts';
import { plain, print } from '../print.ts';
import { update } from './update.ts';

/** `build complete`: refuses while one of the build's checks fails. */
export async function completeBuild(id?: string, evidence?: string): Promise<void> {
  const ctx = contextOfChange();
  const { build } = findBuild(ctx.paths, ctx.me, ctx.lineageOf, id);
  toPhase(build, 'complete', ctx.at);
  const failed = await firstFailing(build.checks, build.checkouts[0] ?? ctx.me.cwd, (command) =>
    print(`checking: ${command}`),
  );
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

function notComplete(id: string, { command, outcome, tail }: FailedCheck): StopgateError {
  const message = `Build ${id} is not complete: its check "${plain(command)}" failed (${plain(outcome)}).\n${tail}`;
  return new StopgateError('check-failed', message.trimEnd(), {
    hint: 'Fix it, then again: stopgate build complete',
  });
}
