import { findBuild } from '../../build/find.ts';
import { oneLine } from '../../build/line.ts';
import type { Build, Wait } from '../../build/schema.ts';
import { addWait } from '../../build/waits.ts';
import { StopgateError } from '../../errors.ts';
import {
  ancestors,
  isVisible,
  livenessOf,
  type ProcessInfo,
  processStamp,
  readProcess,
} from '../../owner/process.ts';
import { type Context, contextOfChange } from '../context.ts';
import { print } from '../print.ts';
import { update } from './update.ts';
import { startWatcher, WHAT_BYTES } from './watcher.ts';

export interface WaitFlags {
  build?: string;
  pid?: number;
  until?: string;
  for: number;
}

/** `build wait`: while the process is there, the owner may stop. */
export function waitFor({ build: id, pid, until, for: ms }: WaitFlags): void {
  if ((pid === undefined) === (until === undefined)) throw notOne();
  const ctx = contextOfChange();
  const { build } = findBuild(ctx.paths, ctx.me, ctx.lineageOf, id);
  const deadline = Date.now() + ms;
  const end = { until: new Date(deadline).toISOString() };
  const wait =
    pid === undefined
      ? { ...startWatcher(build, until ?? '', deadline), ...end }
      : { ...waitable(pid, build, ctx), ...end };
  try {
    update(ctx, id, (fresh, at) => addWait(fresh, wait, at));
  } catch (error) {
    if (pid === undefined) endQuietly(wait.pid);
    throw error;
  }
  print(`build ${build.id}: waits for ${wait.what} (process ${wait.pid}) until ${wait.until}`);
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid);
  } catch {
    // It ended by itself.
  }
}

/** @throws StopgateError `no-process`, `own-process`. */
function waitable(pid: number, build: Build, { me }: Context): Wait {
  const info = readProcess(pid);
  if (info === undefined) {
    throw new StopgateError('no-process', `Process ${pid} cannot be looked at.`, {
      hint: 'A build waits only for what can be seen to end; try --until.',
    });
  }
  if (info === null || livenessOf(info) !== 'alive') {
    throw new StopgateError('no-process', `There is no running process ${pid}.`, {
      hint: 'Start it first, in the background, and name the pid that it has then.',
    });
  }
  if (ownProcesses(build, me.agent?.pid).has(pid)) {
    throw new StopgateError(
      'own-process',
      `Process ${pid} (${info.name}) is this agent, or what the agent runs in: waiting for it would never end.`,
      { hint: 'Name the process that does the work.' },
    );
  }
  return { ...processStamp(info), what: oneLine(info.name, WHAT_BYTES) };
}

/** The command itself, whoever asks, the owner, and everything above them. */
function ownProcesses({ owner }: Build, asker: number | undefined): Set<number> {
  const stamped = owner?.agent && isVisible(owner.agent) ? owner.agent.pid : undefined;
  const roots = [process.pid, asker, stamped].filter((pid) => pid !== undefined);
  const above = roots.flatMap((pid) => ancestors(pid).map((info: ProcessInfo) => info.pid));
  return new Set([...roots, ...above]);
}

function notOne(): StopgateError {
  return new StopgateError('usage', 'Expected what to wait for: either --pid or --until.', {
    hint: 'stopgate build wait --pid 4711, or: stopgate build wait --until "test -e done" --for 2h',
    exitCode: 2,
  });
}
