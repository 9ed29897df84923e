import { oneLine } from '../../build/line.ts';
import type { Build } from '../../build/schema.ts';
import type { TmuxSession } from '../../tmux/lists.ts';
import type { SessionRecord } from '../schema.ts';
import { atWorkBelow } from './at-work.ts';
import { whyNotIdle } from './idle.ts';
import { agentOf, type Tied } from './tie.ts';
import type { World } from './world.ts';

/** What is at work in a tmux session of ours, what is proven idle, and what could not be told. */
export interface Work {
  atWork: string[];
  idle: string[];
  uncertain: string[];
}

/** Looks at the agents, at every other process of the panes, and at the builds. Pure. */
export function workIn(session: TmuxSession, tied: Tied, world: World): Work {
  const work: Work = { atWork: [], idle: [], uncertain: [] };
  const idlePids = judgeAgents(session, tied, world, work);
  judgePanes(session, tied, idlePids, world, work);
  judgeBuilds(session, tied, world, work);
  return work;
}

function judgeAgents(session: TmuxSession, tied: Tied, world: World, work: Work): Set<number> {
  const activity = Math.max(0, ...session.panes.map((pane) => pane.activity));
  const windowActivityAt = new Date(activity * 1000).toISOString();
  const idlePids = new Set<number>();
  for (const record of tied.records) {
    const who = `${record.host} ${record.agent?.pid ?? ''} of session ${record.sessionId}`;
    const liveness = agentOf(record, world);
    if (liveness === 'unknown') work.uncertain.push(`${who} cannot be looked up`);
    if (liveness === 'none' && record.status === 'live')
      work.uncertain.push(`session ${record.sessionId} names no agent process`);
    if (liveness !== 'alive' || record.agent === null) continue;
    const stop = world.lastStops.get(record.sessionId);
    const why = whyNotIdle(record, stop, windowActivityAt, world.at);
    if (why !== null) work.atWork.push(`${who}: ${why}`);
    else {
      idlePids.add(record.agent.pid);
      work.idle.push(`${who} is idle since ${stop?.at}`);
    }
  }
  return idlePids;
}

function judgePanes(
  { panes }: TmuxSession,
  { launch }: Tied,
  idlePids: ReadonlySet<number>,
  { processes, promptPids, starterPids }: World,
  work: Work,
): void {
  if (processes === null) return void work.uncertain.push('the process table cannot be read');
  // Whatever cannot be read may run in this session.
  for (const pid of processes.hidden) work.uncertain.push(`process ${pid} cannot be read`);
  const known = { processes, promptPids, starterPids, idlePids, wrapper: launch?.process ?? null };
  for (const pane of panes.filter(({ dead }) => !dead)) {
    const root = processes.get(pane.pid);
    if (root === undefined)
      work.uncertain.push(`process ${pane.pid} of pane ${pane.id} cannot be read`);
    else if (root === null)
      work.uncertain.push(`pane ${pane.id} lives, its process ${pane.pid} does not`);
    else {
      for (const { pid, name } of atWorkBelow(root, known))
        work.atWork.push(`process ${pid} (${oneLine(name, 40)}) in pane ${pane.id}`);
    }
  }
}

function judgeBuilds(session: TmuxSession, tied: Tied, world: World, work: Work): void {
  if (!world.buildsKnown) work.uncertain.push('a build cannot be read');
  for (const build of world.openBuilds) {
    if (isOwnedHere(build, session, tied.records))
      work.atWork.push(`build ${build.id} is open (${build.phase})`);
  }
}

/** By session, by agent process, by the tmux session itself, or by its name when nothing else is stamped. */
function isOwnedHere({ owner }: Build, session: TmuxSession, records: SessionRecord[]): boolean {
  if (owner === null) return false;
  if (owner.tmuxName !== null) return owner.tmuxName === session.name;
  const inPane =
    owner.pane?.sessionId === session.id && owner.pane.sessionCreated === session.created;
  return (
    inPane ||
    records.some(
      ({ sessionId, agent }) =>
        sessionId === owner.sessionId ||
        (agent !== null && agent.pid === owner.agent?.pid && agent.start === owner.agent.start),
    )
  );
}
