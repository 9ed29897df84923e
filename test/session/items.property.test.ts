import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { IdleFacts } from '../../src/idle/facts.ts';
import type { ProcessInfo } from '../../src/owner/process.ts';
import type { Row } from '../../src/owner/table.ts';
import { type Item, itemsOf } from '../../src/session/report/items.ts';
import { CLASSES } from '../../src/session/report/judge.ts';
import { isCandidate } from '../../src/session/report/plan.ts';
import type { World } from '../../src/session/report/world.ts';
import type { TmuxSession } from '../../src/tmux/lists.ts';
import { buildOf } from '../build/make.ts';
import { IDLE } from '../idle/make.ts';
import {
  launchOf,
  MARK,
  NOW,
  paneOf,
  processOf,
  recordOf,
  SOCKET,
  serverOf,
  sessionOf,
  stampOf,
  THEN,
  worldOf,
} from './scene.ts';

/** Few values each, and mostly the ones that make a candidate, so that the wrong one is often the only thing wrong. */
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant(usual) },
    { weight: others.length, arbitrary: fc.constantFrom(...others) },
  );

const pane = fc
  .record({
    id: fc.constantFrom('%1', '%2', '%3', '%4'),
    pid: fc.constantFrom(400, 401),
    dead: mostly(false, true),
    mark: mostly<string | null>(MARK, null),
    activity: mostly(Date.parse(THEN) / 1000, Date.parse(NOW) / 1000),
  })
  .map(paneOf);

const session = fc
  .record({
    id: fc.constantFrom('$1', '$2'),
    created: mostly(sessionOf().created, '1'),
    attached: mostly(0, 1),
    group: mostly<string | null>(null, 'g'),
    mark: mostly<string | null>(MARK, null, 'sg-fedcba9876543210'),
    panes: fc.uniqueArray(pane, { minLength: 1, maxLength: 2, selector: ({ id }) => id }),
  })
  .map(sessionOf);

const sessions = fc.uniqueArray(session, { minLength: 1, maxLength: 2, selector: ({ id }) => id });
const clients = fc.array(
  fc.record({
    session: fc.constantFrom('$1', '$2'),
    pid: fc.constantFrom(402, 900),
    activity: fc.constant(0),
  }),
  { maxLength: 1 },
);
const server = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(sessions, mostly(100, 200)).map(([all, pid]) => serverOf(all, { pid })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(sessions, clients).map(([all, some]) => serverOf(all, { clients: some })),
  },
  { weight: 1, arbitrary: fc.constant({ socket: SOCKET, kind: 'none' as const }) },
  {
    weight: 1,
    arbitrary: fc.constant({
      socket: SOCKET,
      kind: 'unknown' as const,
      reason: 'tmux-timeout' as const,
      detail: '',
    }),
  },
);

const retained = mostly<null | { by: string; at: string; reason: string }>(null, {
  by: 'me',
  at: THEN,
  reason: 'r',
});
const agent = mostly<{ pid: number; start: string } | null>(
  { pid: 500, start: 'boot:500' },
  { pid: 500, start: 'boot:x' },
  { pid: 401, start: 'boot:401' },
  null,
);
const stamp = fc
  .record({ id: fc.constantFrom('%1', '%2'), sessionId: mostly('$1', '$2') })
  .map(stampOf);
const record = fc
  .record({
    sessionId: fc.constantFrom('session-a', 'session-b'),
    agent,
    pane: fc.oneof({ weight: 5, arbitrary: stamp }, { weight: 1, arbitrary: fc.constant(null) }),
    machine: mostly('machine-1', 'machine-2'),
    status: mostly<'live' | 'stopped'>('live', 'stopped', 'stopped', 'stopped'),
    lastActivityAt: fc.constantFrom(THEN, THEN, '2026-01-01T12:00:00.000Z'),
    retained,
    released: fc.option(fc.constant({ by: 'me', at: '2026-01-01T01:00:00.000Z' })),
  })
  .map(recordOf);
const launch = fc
  .record({
    pane: stamp,
    process: fc.constantFrom({ pid: 400, start: 'boot:400' }, { pid: 398, start: 'boot:398' }),
    retained,
  })
  .map(launchOf);

/** Process 400 in the pane, 500 the agent below it, the others something else. */
const processes = fc
  .record({
    root: mostly('bash', 'claude', 'vim'),
    server: mostly(true, false),
    agent: fc.boolean(),
    busy: mostly<ProcessInfo | null>(null, processOf('vim', 402, 500), processOf('npm', 403, 400)),
    unread: mostly<Row[]>(
      [],
      [{ pid: 500, unread: 'others' }],
      [{ pid: 400, unread: 'others' }],
      [{ pid: 404, unread: 'own' }],
    ),
  })
  .map(({ root, server: isThere, agent: lives, busy, unread }): Row[] => [
    processOf(root, 400, 100),
    processOf('bash', 401, 100),
    ...(isThere ? [processOf('tmux: server', 100, 1)] : []),
    ...(lives ? [processOf('claude', 500, 400)] : []),
    ...(busy ? [busy] : []),
    ...unread,
  ]);

const stop = fc.record({
  at: fc.constantFrom(
    '2026-01-01T00:30:00.000Z',
    '2026-01-01T13:00:00.000Z',
    '2025-12-31T00:00:00.000Z',
  ),
  verdict: mostly('approve', 'block'),
  cause: mostly('inactive', 'waiting'),
  background: mostly(0, 1),
});
/** Everything agrees, or one thing does not. */
const look = mostly<IdleFacts>(
  IDLE,
  { ...IDLE, turn: 'open' },
  { ...IDLE, turn: 'unreadable' },
  { ...IDLE, composer: { kind: 'typed', text: 'x' } },
  { ...IDLE, composer: { kind: 'unknown' } },
  { ...IDLE, pane: 'suspended' },
  { ...IDLE, background: true },
);
const keys = [1, 2].map((n) =>
  [SOCKET, 100, '1700000000', `$${n}`, sessionOf().created, MARK].join(' '),
);

const worlds = fc
  .record({
    servers: fc.tuple(server),
    records: fc.uniqueArray(record, { maxLength: 2, selector: ({ sessionId }) => sessionId }),
    launches: fc.array(launch, { maxLength: 1 }),
    processes: fc.oneof(
      { weight: 12, arbitrary: processes },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    promptPids: mostly([400, 401], [400], []).map((pids) => new Set(pids)),
    openBuilds: mostly<ReturnType<typeof buildOf>[]>([], [buildOf()]),
    buildsKnown: mostly(true, false),
    lastStops: fc
      .record({ 'session-a': stop, 'session-b': stop })
      .map((all) => new Map(Object.entries(all))),
    idleFacts: fc
      .record({ 'session-a': look, 'session-b': look })
      .map((all) => new Map(Object.entries(all))),
    observed: mostly(keys, keys.slice(1), []).map(
      (some) => new Map(some.map((key) => [key, THEN])),
    ),
    caller: mostly<World['caller']>(
      { pids: new Set([9000]), claim: null },
      { pids: new Set([400]), claim: null },
    ),
  })
  .map(worldOf);

type TmuxItem = Extract<Item, { kind: 'tmux' }>;

it('no live, attached, uncertain or foreign session is ever a candidate', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      worlds,
      mostly<number | null>(null, 3_600_000, 48 * 3_600_000),
      (world, olderThanMs) => {
        for (const item of itemsOf(world, { at: NOW, olderThanMs })) {
          const name = `${item.kind} ${item.judgement.class}`;
          seen.set(name, (seen.get(name) ?? 0) + 1);
          if (!isCandidate(item)) continue;
          const idle = item.kind === 'tmux' && item.facts.idle.length > 0;
          const how = idle ? 'idle candidate' : 'candidate';
          seen.set(`${name} ${how}`, (seen.get(`${name} ${how}`) ?? 0) + 1);
          expect(['tmux', 'record', 'launch']).toContain(item.kind);
          if (item.kind === 'tmux') expectEndable(item, world, olderThanMs);
          if (item.kind === 'record') expectOver(item.record, world);
          if (item.kind === 'launch')
            expectOver({ ...item.launch, agent: item.launch.process }, world);
        }
      },
    ),
    { numRuns: 2_000, seed: 6 },
  );
  for (const kind of CLASSES) expect([...seen.keys()].join()).toContain(` ${kind}`);
  for (const [name, least] of [
    ['tmux cleanup-eligible candidate', 20],
    ['tmux cleanup-eligible idle candidate', 10],
    ['record stale-record candidate', 20],
    ['launch stale-record candidate', 20],
  ] as const) {
    expect([name, seen.get(name) ?? 0]).toEqual([
      name,
      expect.toSatisfy((n: number) => n >= least),
    ]);
  }
});

/** Told from the world by other means than the classifier's. */
function expectEndable(
  { session, server }: TmuxItem,
  world: World,
  olderThanMs: number | null,
): void {
  expect(world.processes?.hidden).toEqual([]);
  expect(session.mark).toBe(MARK);
  expect(session.attached).toBe(0);
  expect(server.clients.filter((client) => client.session === session.id)).toEqual([]);
  for (const other of server.sessions.filter((one) => one !== session)) expectApart(session, other);
  for (const { dead, mark, pid } of session.panes.filter((one) => !one.dead)) {
    expect([dead, mark]).toEqual([false, MARK]);
    expect(world.caller.pids.has(pid)).toBe(false);
    const below = world.processes?.below(pid) ?? [];
    const busy = [world.processes?.get(pid), ...below].filter(
      (info) =>
        !(
          info &&
          (info.name === 'bash' || isIdleAgent(info.pid, world) || isOver(info.pid, below, world))
        ),
    );
    expect(busy).toEqual([]);
  }
  const tied = world.records.filter(
    ({ pane: at, machine }) => at?.sessionId === session.id && machine === world.machine,
  );
  const launches = world.launches.filter((one) => one.mark === session.mark);
  expect(tied.length + launches.length).toBeGreaterThan(0);
  expect(world.buildsKnown).toBe(true);
  const speaking = tied.filter(({ agent: one }, _, all) => all.length === 1 || lives(one, world));
  for (const { owner } of world.openBuilds)
    expect(speaking.map(({ sessionId }) => sessionId)).not.toContain(owner?.sessionId);
  for (const one of launches.filter(({ pane: at }) => at.sessionId === session.id))
    expect(one.retained).toBeNull();
  if (olderThanMs !== null) expect(olderThanMs).toBeLessThan(24 * 3_600_000);
  expect([...world.observed.keys()].some((key) => key.includes(` ${session.id} `))).toBe(true);
}

function lives(one: World['records'][number]['agent'], { processes }: World): boolean {
  return one !== null && processes?.get(one.pid)?.start === one.start;
}

function expectApart(session: TmuxSession, other: TmuxSession): void {
  expect(session.group !== null && session.group === other.group).toBe(false);
  const ids = new Set(session.panes.map(({ id }) => id));
  expect(other.panes.some(({ id }) => ids.has(id))).toBe(false);
}

/** `stopgate run`, played by process 400, waits for an idle agent. */
function isOver(pid: number, below: ProcessInfo[], world: World): boolean {
  const isWrapper = world.launches.some(({ process }) => process.pid === pid);
  return isWrapper && below.some((info) => isIdleAgent(info.pid, world));
}

function isIdleAgent(pid: number, { records, lastStops, idleFacts }: World): boolean {
  return records.some(({ agent: one, sessionId, status, lastActivityAt, released }) => {
    const last = lastStops.get(sessionId);
    return (
      one?.pid === pid &&
      one.start === `boot:${pid}` &&
      status === 'live' &&
      released != null &&
      released.at >= lastActivityAt &&
      last?.verdict === 'approve' &&
      last.cause !== 'waiting' &&
      last.background === 0 &&
      last.at >= lastActivityAt &&
      JSON.stringify(idleFacts.get(sessionId)) === JSON.stringify(IDLE)
    );
  });
}

/** Its own process is gone, or it is not that process's session any more; nothing holds it. */
function expectOver(
  entry: Pick<World['records'][number], 'agent' | 'machine' | 'retained'> & {
    sessionId?: string;
    status?: string;
  },
  world: World,
): void {
  expect(entry.machine).toBe(world.machine);
  expect(entry.retained ?? null).toBeNull();
  const [answer] = world.servers;
  if ('pane' in entry && entry.pane) expect(answer?.kind).not.toBe('unknown');
  if (entry.agent === null) return;
  expect(world.processes?.get(entry.agent.pid)).not.toBeUndefined();
  const wentOn = world.records.some(
    (other) =>
      other.sessionId !== entry.sessionId &&
      other.status === 'live' &&
      other.agent?.pid === entry.agent?.pid,
  );
  expect(lives(entry.agent, world) && !(entry.status === 'stopped' && wentOn)).toBe(false);
}
