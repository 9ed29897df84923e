import { oneLine } from '../build/line.ts';
import { stepsText, whereText } from '../build/reason.ts';
import type { Build } from '../build/schema.ts';
import { checkoutOf } from '../owner/checkout.ts';
import { isSameAgent } from '../owner/match.ts';
import { livenessOf } from '../owner/process.ts';
import type { OwnerStamp } from '../owner/stamp.ts';
import type { StatePaths } from '../state/paths.ts';
import type { Claim } from './owned.ts';
import { readSession } from './store.ts';

/** What a session event has to say: `context` to the model, `systemMessage` to the person. */
export interface Told {
  context?: string;
  systemMessage?: string;
}

const ORPHANS_SHOWN = 3;
const TASK_BYTES = 200;

/** Tells an owner that starts, resumes, clears or compacts which build is open, and an heir whose it was. */
export function tellAtStart(claim: Claim, paths: StatePaths): Told {
  const { build, orphans } = claim;
  if (build === null) return orphans.length === 0 ? {} : { context: orphansText(orphans) };
  return { ...ownerTold(claim, build, paths), ...twiceTold(claim, build) };
}

/** Tells at the first prompt only what the start could not: that the build came to this session meanwhile. */
export function tellAtPrompt(claim: Claim): Told {
  const { build, from } = claim;
  if (build === null || from === null) return {};
  return ownerTold(claim, build, null);
}

function ownerTold({ me, from, match }: Claim, build: Build, paths: StatePaths | null): Told {
  const inherits = from !== null && match?.answer === 'owner' && match.inherited;
  const earlier = from === null ? null : whoText(from, paths);
  const how = inherits
    ? `taken over just now from ${earlier}, which has ended; row ${match.row}`
    : from === null
      ? build.owner?.inherited
        ? 'taken over from an earlier session in this place'
        : 'started by this session, or handed to it'
      : `it belonged to ${earlier} before`;
  const paused =
    build.phase === 'paused' ? ` It is paused: ${oneLine(build.pauseReason ?? '', 200)}.` : '';
  const context = [
    `stopgate: this session owns the unfinished build ${build.id} (${how}).`,
    `Task: ${oneLine(build.task, 300)}`,
    `Phase: ${build.phase}.${paused} ${stepsText(build)}`,
    ...whereText(build, checkoutOf(me.cwd)),
    'See it with: stopgate build status. Go on with it, or give it up with: stopgate build release.',
  ].join('\n');
  if (!inherits) return { context };
  const systemMessage =
    `stopgate: this session took over the unfinished build ${build.id} ` +
    `(${oneLine(build.task, TASK_BYTES)}) from ${earlier}, which has ended. Not its work? stopgate build release`;
  return { context, systemMessage };
}

/** One session in two processes, as `claude --continue` twice makes it: both spend one budget. */
function twiceTold({ me }: Claim, { id, owner }: Build): Told {
  const agent = owner?.agent;
  if (!owner || !agent || me.agent === null || isSameAgent(owner, me)) return {};
  if (owner.sessionId !== me.sessionId || livenessOf(agent) !== 'alive') return {};
  const where = `processes ${agent.pid} and ${me.agent.pid}`;
  return {
    systemMessage: `stopgate: this session runs twice, in ${where}. Both own build ${id} and spend one budget.`,
  };
}

function orphansText(orphans: readonly Build[]): string {
  return [
    "stopgate: an unfinished build of this place has lost its owner, and nothing proves that it is this session's.",
    ...orphans
      .slice(0, ORPHANS_SHOWN)
      .map(({ id, task }) => `- ${oneLine(task, TASK_BYTES)}: stopgate build claim ${id}`),
    'Claim it only if you are asked to go on with that work.',
  ].join('\n');
}

function whoText({ host, sessionId, stampedAt }: OwnerStamp, paths: StatePaths | null): string {
  const record = sessionId === null || paths === null ? null : readSession(paths, sessionId);
  const end = record?.endedAt ? `, ended ${record.endedAt}` : '';
  return `${host ?? 'session'} ${sessionId?.slice(0, 8) ?? '?'} (owner since ${stampedAt}${end})`;
}
