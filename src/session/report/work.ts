import { oneLine } from '../../build/line.ts';
import type { Build } from '../../build/schema.ts';
import { type Obstacle, obstacleTo } from '../../idle/obstacle.ts';
import { sameProcess } from '../../owner/process.ts';
import type { TmuxSession } from '../../tmux/lists.ts';
import type { SessionRecord } from '../schema.ts';
import { atWorkBelow } from './at-work.ts';
import { whyNoRest } from './idle.ts';
import { drawnAt } from './idle-looks.ts';
import { agentOf, type Tied } from './tie.ts';
import type { LastStop, World } from './world.ts';

/** What is at work in a tmux session of ours, what is proven idle, and what could not be told. */
export interface Work {
  atWork: string[];
  idle: string[];
  uncertain: string[];
}

/** Looks at the agents, at every other process of the panes, and at the builds. Pure. */
export function workIn(session: TmuxSession, tied: Tied, world: World): Work {
  const work: Work = { atWork: [], idle: [], uncertain: [] };
  const toldPids = judgeAgents(session, tied, world, work);
  judgePanes(session, tied, toldPids, world, work);
  judgeBuilds(session, tied, world, work);
  return work;
}

/** Returns the agents that are told of here; whoever is neither idle nor uncertain is at work anyway. */
function judgeAgents(session: TmuxSession, tied: Tied, world: World, work: Work): Set<number> {
  const toldPids = new Set<number>();
  for (const record of tied.records) {
    const who = `${record.host} ${record.agent?.pid ?? ''} of session ${record.sessionId}`;
    const liveness = agentOf(record, world);
    if (liveness === 'unknown') work.uncertain.push(`${who} cannot be looked up`);
    if (liveness === 'none' && record.status === 'live')
      work.uncertain.push(`session ${record.sessionId} names no agent process`);
    if (liveness !== 'alive' || record.agent === null) continue;
    const stop = world.lastStops.get(record.sessionId);
    const against = againstIdleness(record, stop, drawnAt(session), world);
    if (against?.kind !== 'busy') toldPids.add(record.agent.pid);
    if (against === null) work.idle.push(`${who} is idle since ${stop?.at}`);
    else (against.kind === 'busy' ? work.atWork : work.uncertain).push(`${who}: ${against.reason}`);
  }
  return toldPids;
}

/** The one answer to whether an agent is idle: first by what is written down of it, then by the look at it. */
function againstIdleness(
  record: SessionRecord,
  stop: LastStop | undefined,
  windowDrawnAt: string,
  { at, idleFacts }: World,
): Obstacle | null {
  const reason = whyNoRest(record, stop, windowDrawnAt, at);
  if (reason !== null) return { kind: 'busy', reason };
  const facts = idleFacts.get(record.sessionId);
  return facts ? obstacleTo(facts) : { kind: 'unknown', reason: 'it was not looked at' };
}

function judgePanes(
  { panes }: TmuxSession,
  { launch }: Tied,
  toldPids: ReadonlySet<number>,
  { processes, promptPids, starterPids }: World,
  work: Work,
): void {
  if (processes === null) return void work.uncertain.push('the process table cannot be read');
  // Whatever cannot be read may run in this session.
  for (const pid of processes.hidden) work.uncertain.push(`process ${pid} cannot be read`);
  const known = { processes, promptPids, starterPids, toldPids, wrapper: launch?.process ?? null };
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
      ({ sessionId, agent }) => sessionId === owner.sessionId || sameProcess(agent, owner.agent),
    )
  );
}
