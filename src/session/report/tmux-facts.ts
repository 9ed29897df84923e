import { livenessOf } from '../../owner/process.ts';
import type { TmuxServer, TmuxSession } from '../../tmux/lists.ts';
import type { ServerAnswer } from '../../tmux/snapshot.ts';
import type { Retention } from '../retention.ts';
import { holdsCaller } from './caller.ts';
import { identityOf, isOurs, keyOf } from './identity.ts';
import type { TmuxFacts } from './judge.ts';
import { looksAt } from './looks.ts';
import { agentOf, type Tied } from './tie.ts';
import { workIn } from './work.ts';
import type { World } from './world.ts';

type Answered = Extract<ServerAnswer, { kind: 'facts' }>;

/** A launch that no session has reported from yet is not judged for this long. */
const STARTING_MS = 60_000;

/** Everything that is known of one tmux session. Pure. */
export function tmuxFacts(
  { socket, server }: Answered,
  session: TmuxSession,
  tied: Tied,
  world: World,
): TmuxFacts {
  const key = isOurs(session) ? keyOf(identityOf(socket, server, session)) : '';
  return {
    trouble: null,
    marked: isOurs(session),
    holdsCaller: holdsCaller(socket, server, session, world),
    ...looksAt(server, session),
    notOurs: session.panes
      .filter(({ dead, mark }) => !dead && mark === null)
      .map(({ id }) => `pane ${id} does not bear our mark`),
    starting: isStarting(tied, world),
    ...workIn(session, tied, world),
    retained: retainedText(tied),
    registered: tied.records.length > 0 || tied.launch !== null,
    mismatch: mismatches(server, session, tied, world),
    released: isReleased(tied, world),
    lastActivityAt: lastActivity(session, tied, world),
    observedAt: world.observed.get(key) ?? null,
  };
}

function isStarting({ records, launch }: Tied, { at, processes, namespace }: World): boolean {
  if (launch === null || records.length > 0) return false;
  const liveness = processes && livenessOf(launch.process, processes.get, namespace);
  return liveness === 'alive' && Date.parse(at) - Date.parse(launch.startedAt) < STARTING_MS;
}

/** Where the registry says one thing and tmux another; both sides are told. */
function mismatches(
  server: TmuxServer,
  session: TmuxSession,
  { records, launch }: Tied,
  world: World,
): string[] {
  const found: string[] = [];
  const of = (pane: string) => session.panes.find(({ id }) => id === pane);
  for (const { sessionId, pane } of records) {
    if (pane === null || of(pane.id)) continue;
    const elsewhere = server.sessions.find(({ panes }) => panes.some(({ id }) => id === pane.id));
    if (elsewhere)
      found.push(`session ${sessionId} was recorded in pane ${pane.id}, now in ${elsewhere.id}`);
  }
  const pane = launch && of(launch.pane.id);
  if (launch && pane) {
    if (pane.pid !== launch.process.pid)
      found.push(`started as process ${launch.process.pid}, the pane has ${pane.pid}`);
    if (pane.dead && records.length === 0 && pane.deadStatus)
      found.push(`its command failed (${pane.deadStatus}), and pane ${pane.id} is there`);
  }
  const marks = new Set(session.panes.flatMap(({ mark }) => mark ?? []));
  if (launch && world.launches.some(({ mark }) => mark !== launch.mark && marks.has(mark)))
    found.push('it holds a pane of another launch');
  return found;
}

function retainedText({ records, launch }: Tied): string | null {
  const held = [...records, ...(launch ? [launch] : [])].find(({ retained }) => retained);
  return held?.retained ? retentionText(held.retained) : null;
}

export function retentionText({ by, at, reason }: Retention): string {
  return `kept by ${by} since ${at}: ${reason}`;
}

/** Every agent that lives was released after the last thing it did. */
function isReleased({ records }: Tied, world: World): boolean {
  return records
    .filter((record) => agentOf(record, world) === 'alive')
    .every(({ released, lastActivityAt }) => released != null && released.at >= lastActivityAt);
}

function lastActivity(session: TmuxSession, { records, launch }: Tied, world: World): string {
  const seconds = [session.created, ...session.panes.map(({ activity }) => activity)].map(Number);
  const times = records.flatMap(({ sessionId, lastActivityAt, endedAt }) => [
    lastActivityAt,
    endedAt ?? '',
    world.lastStops.get(sessionId)?.at ?? '',
  ]);
  const inTmux = new Date(Math.max(...seconds) * 1000).toISOString();
  return [inTmux, launch?.startedAt ?? '', ...times].reduce((a, b) => (a > b ? a : b));
}
