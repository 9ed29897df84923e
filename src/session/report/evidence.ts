import type { Build } from '../../build/schema.ts';
import type { AgentProcess } from '../../owner/process.ts';
import type { Launch } from '../launch.ts';
import type { SessionRecord } from '../schema.ts';
import type { Item, TmuxItem } from './items.ts';
import type { World } from './world.ts';

/** Everything that an item's class rests on, for programs (docs/cleanup.md, JSON). */
export function evidenceOf(item: Item, world: World): object {
  switch (item.kind) {
    case 'tmux':
      return tmuxEvidence(item, world);
    case 'record':
      return { ...item.facts, record: recordEvidence(item.record, world), checkedAt: world.at };
    case 'launch':
      return { ...item.facts, launch: launchEvidence(item.launch), checkedAt: world.at };
    case 'build':
      return { ...item.facts, build: buildEvidence(item.build), checkedAt: world.at };
    case 'server':
      return { socket: item.answer.socket, detail: item.answer.detail, checkedAt: world.at };
    case 'file':
      return { path: item.path, checkedAt: world.at };
    default:
      return item satisfies never;
  }
}

function tmuxEvidence(item: TmuxItem, world: World): object {
  const { socket, server, session, tied, facts } = item;
  const { trouble: _, marked: __, ...rest } = facts;
  return {
    socket,
    server: { pid: server.pid, start: server.start },
    id: session.id,
    created: session.created,
    name: session.name,
    group: session.group,
    clients: server.clients.filter((client) => client.session === session.id),
    mark: session.mark,
    panes: session.panes.map((pane) => ({ ...pane, ...processEvidence(pane.pid, world) })),
    ...rest,
    records: tied.records.map((record) => recordEvidence(record, world)),
    launch: tied.launch && launchEvidence(tied.launch),
    checkedAt: world.at,
  };
}

function processEvidence(pid: number, { processes, cwds }: World): object {
  const root = processes?.get(pid) ?? null;
  const children = processes?.below(pid).map(({ pid: child, name }) => ({ pid: child, name }));
  return {
    start: root?.start ?? null,
    command: root?.name ?? null,
    cwd: cwds.get(pid) ?? null,
    children: children ?? null,
  };
}

function recordEvidence(record: SessionRecord, { lastStops }: World): object {
  const { host, sessionId, status, source, startedAt, endedAt, endReason } = record;
  return {
    ...{ host, sessionId, status, source, startedAt, endedAt, endReason },
    agent: agentEvidence(record.agent),
    pane: record.pane,
    cwd: record.cwd,
    daemon: record.daemon ? agentEvidence(record.daemon) : null,
    previous: record.previous ?? null,
    role: record.role ?? null,
    exitReason: record.exitReason ?? null,
    worktree: record.worktree ?? null,
    builds: record.builds ?? [],
    lastHook: { event: record.lastEvent, at: record.lastActivityAt },
    lastStop: lastStops.get(sessionId) ?? null,
    retained: record.retained ?? null,
    released: record.released ?? null,
  };
}

function buildEvidence({ id, task, phase, owner, checkouts, updatedAt }: Build): object {
  return { id, task, phase, owner, checkouts, updatedAt };
}

function launchEvidence({ mark, pane, process, command, role, startedAt }: Launch): object {
  return { mark, pane, process: agentEvidence(process), command, role, startedAt };
}

function agentEvidence(agent: AgentProcess | null): object | null {
  return agent && { ...agent };
}
