import { isVisible } from '../../owner/process.ts';
import type { Launch } from '../launch.ts';
import type { SeenSession } from '../turn.ts';
import type { EntryFacts, Trouble } from './judge.ts';
import { agentOf, isSuperseded, placeOf } from './tie.ts';
import { retentionText } from './tmux-facts.ts';
import type { World } from './world.ts';

/** What is known of a record that no tmux session of ours holds. Pure. */
export function recordFacts(record: SeenSession, world: World): EntryFacts {
  const isOver = record.status === 'stopped' && isElsewhere(record, world);
  return {
    ...placeFacts(isOver ? null : record.pane, world),
    otherMachine: record.machine !== world.machine,
    isCaller: record.agent !== null && isCallers(record.agent.pid, record, world),
    agent: isOver ? 'none' : agentOf(record, world),
    stopped: record.status === 'stopped',
    superseded: isSuperseded(record, world),
    retained: record.retained ? retentionText(record.retained) : null,
    lastActivityAt: lastSignOf(record),
  };
}

/** A session of another container: its process cannot be seen, but its host said so when it ended. */
function isElsewhere({ agent, daemon }: SeenSession, { namespace }: World): boolean {
  const named = agent ?? daemon ?? null;
  return named !== null && !isVisible(named, namespace);
}

/** What is known of a launch whose tmux session is not there as ours. Pure. */
export function launchFacts(launch: Launch, world: World): EntryFacts {
  return {
    ...placeFacts(launch.pane, world),
    otherMachine: launch.machine !== world.machine,
    isCaller: false,
    agent: agentOf({ agent: launch.process }, world),
    stopped: false,
    superseded: false,
    retained: launch.retained ? retentionText(launch.retained) : null,
    lastActivityAt: launch.startedAt,
  };
}

function placeFacts(
  pane: SeenSession['pane'],
  world: World,
): { trouble: Trouble | null; pane: EntryFacts['pane'] } {
  if (pane === null) return { trouble: null, pane: 'none' };
  const place = placeOf(pane, world);
  if (place.kind === 'unknown') return { trouble: place.trouble, pane: 'there' };
  if (place.kind === 'gone') return { trouble: null, pane: 'gone' };
  const isThere = place.server.sessions.some(({ panes }) => panes.some(({ id }) => id === pane.id));
  return { trouble: null, pane: isThere ? 'there' : 'gone' };
}

/** Only the session that the process is in now; what it was in before is a record like any other. */
function isCallers(pid: number, record: SeenSession, world: World): boolean {
  return (
    world.caller.pids.has(pid) && agentOf(record, world) === 'alive' && !isSuperseded(record, world)
  );
}

/** The last that was seen of a session: a prompt, a stop, its end. */
export function lastSignOf({ lastActivityAt, stoppedAt, endedAt }: SeenSession): string {
  return [stoppedAt, endedAt].reduce<string>((a, b) => (b && b > a ? b : a), lastActivityAt);
}
