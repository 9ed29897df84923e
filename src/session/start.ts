import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Build } from '../build/schema.ts';
import type { HookEvent } from '../hosts/host.ts';
import { daemonOf } from '../owner/agent.ts';
import { checkoutOf } from '../owner/checkout.ts';
import type { Identity } from '../owner/identity.ts';
import { type AgentProcess, ancestors, processStamp, sameProcess } from '../owner/process.ts';
import type { StatePaths } from '../state/paths.ts';
import type { SessionRecord } from './schema.ts';
import { listSessions } from './store.ts';

/** What a session that starts knows beyond its event. */
export interface Start {
  /** The session that its process was in until now. */
  previous: SessionRecord | null;
  worktree: string | null;
  daemon: AgentProcess | null;
  build: Build | null;
}

/** Sources with which a process that lives goes on as another session. */
const CONTINUES = new Set(['clear', 'resume', 'fork']);

/** Looks up where a session starts and what its process was before; the other records are read only when it can matter. */
export function startOf(
  paths: StatePaths,
  event: HookEvent,
  me: Identity,
  build: Build | null,
): Start {
  const tree = checkoutOf(event.cwd);
  const worktree = existsSync(join(tree, '.git')) ? tree : null;
  const daemon = event.host === 'codex' && me.agent === null ? daemonAbove() : null;
  return { previous: previousOf(paths, event, me), worktree, daemon, build };
}

function previousOf(
  paths: StatePaths,
  { source, sessionId }: HookEvent,
  { agent }: Identity,
): SessionRecord | null {
  if (agent === null || !CONTINUES.has(source ?? '')) return null;
  const [previous = null] = listSessions(paths)
    .filter((record) => record.sessionId !== sessionId && sameProcess(record.agent, agent))
    .sort((a, b) => b.lastActivityAt.localeCompare(a.lastActivityAt));
  return previous;
}

function daemonAbove(): AgentProcess | null {
  const daemon = daemonOf(ancestors(process.pid));
  return daemon && processStamp(daemon);
}

/** The record of a session that started. Whoever keeps a session keeps what its process goes on as. Pure. */
export function startedAs(
  record: SessionRecord,
  { previous, worktree, daemon, build }: Start,
): SessionRecord {
  const builds = record.builds ?? [];
  const retained = record.retained === undefined ? previous?.retained : record.retained;
  return {
    ...record,
    worktree,
    daemon: daemon && { ...daemon },
    previous: previous?.sessionId ?? record.previous ?? null,
    builds: build && !builds.includes(build.id) ? [...builds, build.id] : builds,
    ...(retained === undefined ? {} : { retained }),
  };
}
