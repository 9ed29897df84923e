import { type IdleFacts, lookAtIdle } from '../../idle/facts.ts';
import type { TmuxSession } from '../../tmux/lists.ts';
import { whyNoRest } from './idle.ts';
import { agentOf, tie } from './tie.ts';
import type { World } from './world.ts';

/** Looks once at every agent that seems idle in a tmux session of ours, on the servers that were asked. */
export function idleLooks(
  world: World,
  wasAsked: (socket: string) => boolean = () => true,
): Map<string, IdleFacts> {
  const found = new Map<string, IdleFacts>();
  for (const [session, { records }] of tie(world)) {
    for (const record of records) {
      if (!wasAsked(record.pane?.socket ?? '') || agentOf(record, world) !== 'alive') continue;
      const stop = world.lastStops.get(record.sessionId);
      if (whyNoRest(record, stop, drawnAt(session), world.at) !== null) continue;
      found.set(record.sessionId, lookAtIdle(record, null, Date.now()).facts);
    }
  }
  return found;
}

/** When any window of a session last put something out. */
export function drawnAt({ panes }: TmuxSession): string {
  const activity = Math.max(0, ...panes.map((pane) => pane.activity));
  return new Date(activity * 1000).toISOString();
}
