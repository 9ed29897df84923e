import type { HostId } from '../../owner/identity.ts';
import type { AgentProcess } from '../../owner/process.ts';
import type { TmuxIdentity } from '../../tmux/guard.ts';
import { type BuildItem, keyOfBuild } from './build-item.ts';
import { keyOf } from './identity.ts';
import type { Item, TmuxItem } from './items.ts';

/** One thing that a cleanup would do, named so that it cannot meet anything else. */
export type Action =
  | {
      do: 'end-session';
      target: TmuxIdentity;
      name: string;
      /** The agents that are asked to end first. */
      agents: { host: HostId; sessionId: string; process: AgentProcess; pane: string | null }[];
      launch: boolean;
      lastActivityAt: string;
    }
  | {
      do: 'delete-record';
      sessionId: string;
      status: string;
      socket: string | null;
      lastActivityAt: string;
    }
  | { do: 'delete-launch'; mark: string; socket: string; lastActivityAt: string }
  | {
      do: 'end-build';
      build: string;
      phase: string;
      updatedAt: string;
      socket: null;
      lastActivityAt: string;
    };

/** Names an item for as long as it is the same thing; `null` for what no action can name. */
export function keyOfItem(item: Item): string | null {
  if (item.kind === 'tmux') return item.identity && keyOf(item.identity);
  if (item.kind === 'record') return `record ${item.record.sessionId}`;
  if (item.kind === 'build') return keyOfBuild(item.build);
  return item.kind === 'launch' ? `launch ${item.launch.mark}` : null;
}

/** As {@link keyOfItem}, of what an action is about. */
export function keyOfAction(action: Action): string {
  if (action.do === 'end-session') return keyOf(action.target);
  if (action.do === 'end-build') return keyOfBuild({ id: action.build });
  return action.do === 'delete-record' ? `record ${action.sessionId}` : `launch ${action.mark}`;
}

/** What ends or deletes this item, once it is a candidate; `null` for what nothing may ever be done to. Pure. */
export function actionFor(item: Item): Action | null {
  switch (item.judgement.class) {
    case 'cleanup-eligible':
      return item.kind === 'tmux' && item.identity ? endSession(item, item.identity) : null;
    case 'abandoned':
      return item.kind === 'build' ? endBuild(item) : null;
    case 'stale-record':
    case 'closed':
      return deleteEntry(item);
    case 'indeterminate':
    case 'foreign':
    case 'self':
    case 'active':
    case 'retained':
    case 'registry-missing':
    case 'runtime-mismatch':
    case 'completed-retained':
      return null;
    default:
      return item.judgement.class satisfies never;
  }
}

/** The gate is open: a candidate has an action, and nothing keeps it. */
export function isCandidate(item: Item): boolean {
  return item.judgement.keptBy === null && actionFor(item) !== null;
}

function endSession({ session, tied, facts }: TmuxItem, target: TmuxIdentity): Action {
  const idle = facts.idle.length > 0 ? tied.records : [];
  return {
    do: 'end-session',
    target,
    name: session.name,
    agents: idle.flatMap(({ host, sessionId, agent, pane }) =>
      agent
        ? [
            {
              host,
              sessionId,
              process: { ...agent },
              pane: pane?.id ?? null,
            },
          ]
        : [],
    ),
    launch: tied.launch !== null,
    lastActivityAt: facts.lastActivityAt,
  };
}

function endBuild({ build, facts }: BuildItem): Action {
  const { id, phase, updatedAt } = build;
  const { lastActivityAt } = facts;
  return { do: 'end-build', build: id, phase, updatedAt, socket: null, lastActivityAt };
}

function deleteEntry(item: Item): Action | null {
  if (item.kind === 'record') {
    const { sessionId, status, pane } = item.record;
    const { lastActivityAt } = item.facts;
    const socket = pane?.socket ?? null;
    return { do: 'delete-record', sessionId, status, socket, lastActivityAt };
  }
  if (item.kind === 'launch') {
    const { lastActivityAt } = item.facts;
    const { mark, pane } = item.launch;
    return { do: 'delete-launch', mark, socket: pane.socket, lastActivityAt };
  }
  return null;
}
