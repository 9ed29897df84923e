import type { ProcessInfo } from '../../src/owner/process.ts';
import type { PaneStamp } from '../../src/owner/stamp.ts';
import { type Row, tableOf } from '../../src/owner/table.ts';
import type { Launch } from '../../src/session/launch.ts';
import type { World } from '../../src/session/report/world.ts';
import type { SessionRecord } from '../../src/session/schema.ts';
import type { TmuxPane, TmuxSession } from '../../src/tmux/lists.ts';
import type { ServerAnswer } from '../../src/tmux/snapshot.ts';
import { IDLE } from '../idle/make.ts';

export const NOW = '2026-01-02T00:00:00.000Z';
/** A day before {@link NOW}. */
export const THEN = '2026-01-01T00:00:00.000Z';
export const SOCKET = '/tmp/tmux-1000/default';
export const MARK = 'sg-0123456789abcdef';
const THEN_SECONDS = String(Date.parse(THEN) / 1000);

/** Where the records and launches of tests are stamped: pane %1 of session $1 of server 100. */
export function stampOf(changes: Partial<PaneStamp> = {}): PaneStamp {
  return {
    socket: SOCKET,
    serverPid: 100,
    serverStart: '1700000000',
    id: '%1',
    sessionId: '$1',
    sessionCreated: THEN_SECONDS,
    sessionName: 'job',
    ...changes,
  };
}

/** A Claude session that ran as process 500 in {@link stampOf} and was stopped a day ago. */
export function recordOf(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    schema: 1,
    host: 'claude',
    sessionId: 'session-a',
    agent: { pid: 500, start: 'boot:500' },
    pane: stampOf(),
    machine: 'machine-1',
    cwd: '/repo',
    transcript: null,
    status: 'live',
    startedAt: THEN,
    source: 'startup',
    lastActivityAt: THEN,
    lastEvent: 'UserPromptSubmit',
    compactingSince: null,
    endedAt: null,
    endReason: null,
    ...changes,
  };
}

export function launchOf(changes: Partial<Launch> = {}): Launch {
  return {
    schema: 1,
    mark: MARK,
    pane: stampOf(),
    process: { pid: 400, start: 'boot:400' },
    command: ['claude'],
    cwd: '/repo',
    role: null,
    machine: 'machine-1',
    startedAt: THEN,
    ...changes,
  };
}

export function paneOf(changes: Partial<TmuxPane> = {}): TmuxPane {
  const activity = Date.parse(THEN) / 1000;
  return { id: '%1', pid: 400, dead: false, deadStatus: null, mark: MARK, activity, ...changes };
}

/** The marked session that {@link recordOf} is in; its pane runs process 400. */
export function sessionOf(changes: Partial<TmuxSession> = {}): TmuxSession {
  return {
    id: '$1',
    created: THEN_SECONDS,
    name: 'job',
    attached: 0,
    group: null,
    mark: MARK,
    panes: [paneOf()],
    ...changes,
  };
}

export function serverOf(sessions: TmuxSession[], changes: object = {}): ServerAnswer {
  const server = { pid: 100, start: '1700000000', sessions, clients: [], ...changes };
  return { socket: SOCKET, kind: 'facts', server };
}

/** `process('claude', 500, 400)`: name, pid, parent. */
export function processOf(name: string, pid: number, ppid: number, state = 'S'): ProcessInfo {
  return { pid, start: `boot:${pid}`, ppid, state, name };
}

/** A shell at its prompt is all that is left in the pane. */
export const SHELL_ONLY = [processOf('tmux: server', 100, 1), processOf('bash', 400, 100)];

export function worldOf(
  changes: Partial<Omit<World, 'processes'>> & { processes?: readonly Row[] | null } = {},
): World {
  const { processes = SHELL_ONLY, ...rest } = changes;
  return {
    at: NOW,
    machine: 'machine-1',
    namespace: null,
    servers: [serverOf([sessionOf()])],
    cwds: new Map(),
    promptPids: new Set([400]),
    starterPids: new Set(),
    records: [recordOf()],
    launches: [],
    unreadable: [],
    openBuilds: [],
    buildsKnown: true,
    lastStops: new Map(),
    idleFacts: new Map([
      ['session-a', IDLE],
      ['session-b', IDLE],
    ]),
    caller: { pids: new Set([9000]), claim: null },
    observed: new Map(),
    ...rest,
    processes: processes && tableOf(processes),
  };
}
