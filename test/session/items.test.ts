import { expect, it } from 'vitest';
import type { IdleFacts } from '../../src/idle/facts.ts';
import type { ProcessInfo } from '../../src/owner/process.ts';
import { itemsOf } from '../../src/session/report/items.ts';
import type { World } from '../../src/session/report/world.ts';
import type { TmuxSession } from '../../src/tmux/lists.ts';
import { buildOf } from '../build/make.ts';
import { IDLE } from '../idle/make.ts';
import {
  launchOf,
  NOW,
  paneOf,
  processOf,
  recordOf,
  SHELL_ONLY,
  SOCKET,
  serverOf,
  sessionOf,
  stampOf,
  THEN,
  worldOf,
} from './scene.ts';

type Changes = Parameters<typeof worldOf>[0];

/** What every item is and what keeps it, in the order of the report. */
function judged(changes: Changes, olderThanMs: number | null = null): string[] {
  return itemsOf(worldOf(changes), { at: NOW, olderThanMs }).map(
    ({ kind, judgement }) => `${kind} ${judgement.class} ${judgement.keptBy}`,
  );
}

const one = (changes: Partial<TmuxSession>) => ({ servers: [serverOf([sessionOf(changes)])] });
const CLAUDE = { ...processOf('claude', 500, 400) };
const agentIn = (...more: ProcessInfo[]) => [...SHELL_ONLY, CLAUDE, ...more];
const stop = {
  at: '2026-01-01T00:00:05.000Z',
  verdict: 'approve',
  cause: 'inactive',
  background: 0,
};
const stopped = (changes: object = {}) => new Map([['session-a', { ...stop, ...changes }]]);
const idle = { processes: agentIn(), lastStops: stopped() };
const looks = (facts: Partial<IdleFacts>): Changes => ({
  ...idle,
  records: [recordOf({ released })],
  idleFacts: new Map([['session-a', { ...IDLE, ...facts }]]),
});
const kept = { by: 'me', at: THEN, reason: 'for the demo' };
const released = { by: 'me', at: '2026-01-01T00:00:09.000Z' };
const wrapper = [
  processOf('tmux: server', 100, 1),
  processOf('claude', 400, 100),
  processOf('sh', 401, 400),
  CLAUDE,
];

it.each<[string, Changes, string]>([
  ['nothing is left but a shell', {}, 'cleanup-eligible grace'],
  ['no record, no launch', { records: [] }, 'registry-missing registry-missing'],
  ['a launch is enough', { records: [], launches: [launchOf()] }, 'cleanup-eligible grace'],
  ['no mark', one({ mark: null }), 'foreign foreign'],
  [
    'no mark, and a name like ours',
    one({ mark: null, name: 'sg-0123456789abcdef' }),
    'foreign foreign',
  ],
  ['no mark, attached', one({ mark: null, attached: 1 }), 'foreign foreign'],
  ['no mark but on its pane', one({ mark: null, panes: [paneOf()] }), 'foreign foreign'],
  ['the caller runs in it', { caller: { pids: new Set([400]), claim: null } }, 'self self'],
  [
    'the environment of the caller claims its pane',
    { caller: { pids: new Set(), claim: { socket: SOCKET, serverPid: 100, id: '%1' } } },
    'self self',
  ],
  ['attached', one({ attached: 1 }), 'active attached'],
  [
    'only the list of clients shows one',
    { servers: [serverOf([sessionOf()], { clients: [{ session: '$1', pid: 9, activity: 0 }] })] },
    'active attached',
  ],
  [
    'attached through its group',
    {
      servers: [
        serverOf([sessionOf({ group: 'g' }), sessionOf({ id: '$2', group: 'g', attached: 1 })]),
      ],
    },
    'active attached',
  ],
  [
    'a window is linked into an attached one',
    { servers: [serverOf([sessionOf(), sessionOf({ id: '$2', mark: null, attached: 2 })])] },
    'active attached',
  ],
  [
    'a window is linked into a detached one',
    { servers: [serverOf([sessionOf(), sessionOf({ id: '$2', mark: null })])] },
    'indeterminate liveness-uncertain',
  ],
  [
    'in a group that nobody looks at',
    {
      servers: [
        serverOf([sessionOf({ group: 'g' }), sessionOf({ id: '$2', group: 'g', panes: [] })]),
      ],
    },
    'indeterminate liveness-uncertain',
  ],
  [
    'a pane that is not ours',
    one({ panes: [paneOf(), paneOf({ id: '%2', pid: 402, mark: null })] }),
    'active live',
  ],
  [
    'a dead pane that is not ours',
    one({ panes: [paneOf(), paneOf({ id: '%2', mark: null, dead: true })] }),
    'cleanup-eligible grace',
  ],
  ['the agent lives, and no stop is known', { processes: agentIn() }, 'active live'],
  ['the agent was held', { ...idle, lastStops: stopped({ verdict: 'block' }) }, 'active live'],
  ['the agent waits', { ...idle, lastStops: stopped({ cause: 'waiting' }) }, 'active live'],
  ['its stop failed', { ...idle, lastStops: stopped({ cause: 'error' }) }, 'active live'],
  ['background work is left', { ...idle, lastStops: stopped({ background: 1 }) }, 'active live'],
  [
    'it was prompted after its stop',
    { ...idle, records: [recordOf({ lastActivityAt: '2026-01-01T00:00:06.000Z' })] },
    'active live',
  ],
  ['it compacts', { ...idle, records: [recordOf({ compactingSince: THEN })] }, 'active live'],
  ['it has a child', { ...idle, processes: agentIn(processOf('npm', 501, 500)) }, 'active live'],
  [
    'its window was written to just now',
    { ...idle, ...one({ panes: [paneOf({ activity: Date.parse(NOW) / 1000 - 3 })] }) },
    'active live',
  ],
  ['its turn goes on', looks({ turn: 'open' }), 'active live'],
  ['a prompt is half typed', looks({ composer: { kind: 'typed', text: 'wa' } }), 'active live'],
  ['somebody scrolls in it', looks({ inMode: true }), 'active live'],
  ['it is suspended', looks({ pane: 'suspended' }), 'active live'],
  ['a subagent of it works', looks({ background: true }), 'active live'],
  [
    'its transcript cannot be read',
    looks({ turn: 'unreadable' }),
    'indeterminate liveness-uncertain',
  ],
  [
    'its input line cannot be found',
    looks({ composer: { kind: 'unknown' } }),
    'indeterminate liveness-uncertain',
  ],
  ['its pane cannot be seen', looks({ pane: 'unseen' }), 'indeterminate liveness-uncertain'],
  [
    'it was not looked at',
    { ...idle, records: [recordOf({ released })], idleFacts: new Map() },
    'indeterminate liveness-uncertain',
  ],
  ['it is idle, and not released', idle, 'completed-retained retained'],
  ['idle and released', { ...idle, records: [recordOf({ released })] }, 'cleanup-eligible grace'],
  [
    'released before its last prompt',
    { ...idle, records: [recordOf({ released: { ...released, at: '2025-12-31T00:00:00.000Z' } })] },
    'completed-retained retained',
  ],
  [
    'another process in the pane',
    { processes: [...SHELL_ONLY, processOf('vim', 401, 400)], promptPids: new Set() },
    'active live',
  ],
  ['the shell runs a script', { promptPids: new Set() }, 'active live'],
  ['the pane has no process', { processes: [] }, 'indeterminate liveness-uncertain'],
  ['there is no process table', { processes: null }, 'indeterminate liveness-uncertain'],
  [
    'a process that cannot be read may run in it',
    { processes: [...SHELL_ONLY, { pid: 401, unread: 'own' }] },
    'indeterminate liveness-uncertain',
  ],
  [
    "another user's process cannot be read",
    { processes: [...SHELL_ONLY, { pid: 401, unread: 'others' }] },
    'cleanup-eligible grace',
  ],
  [
    'the process of its pane cannot be read',
    { processes: [processOf('tmux: server', 100, 1), { pid: 400, unread: 'others' }] },
    'indeterminate liveness-uncertain',
  ],
  [
    'its agent process cannot be read',
    { ...idle, processes: [...SHELL_ONLY, { pid: 500, unread: 'others' }] },
    'indeterminate liveness-uncertain',
  ],
  [
    'a record without a process that never ended',
    { records: [recordOf({ agent: null })] },
    'indeterminate liveness-uncertain',
  ],
  [
    'the pid of the agent was given to another',
    { records: [recordOf({ agent: { pid: 400, start: 'boot:before' } })] },
    'cleanup-eligible grace',
  ],
  [
    'a build of another is open',
    { openBuilds: [buildOf({ owner: ownerOf() })] },
    'cleanup-eligible grace',
  ],
  [
    'a build of its session is open',
    { openBuilds: [buildOf({ owner: { ...ownerOf(), sessionId: 'session-a' } })] },
    'active live',
  ],
  [
    'a paused build of its tmux session is open',
    { openBuilds: [buildOf({ phase: 'paused', owner: { ...ownerOf(), pane: stampOf() } })] },
    'active live',
  ],
  [
    'a build waits for its name',
    { openBuilds: [buildOf({ owner: { ...ownerOf(), sessionId: null, tmuxName: 'job' } })] },
    'active live',
  ],
  ['a build cannot be read', { buildsKnown: false }, 'indeterminate liveness-uncertain'],
  ['kept', { records: [recordOf({ retained: kept })] }, 'retained retained'],
  ['its launch is kept', { launches: [launchOf({ retained: kept })] }, 'retained retained'],
  [
    'started a moment ago',
    { records: [], launches: [launchOf({ startedAt: '2026-01-01T23:59:30.000Z' })] },
    'active grace',
  ],
  [
    'an idle agent below stopgate run',
    { processes: wrapper, promptPids: new Set(), lastStops: stopped(), launches: [launchOf()] },
    'completed-retained retained',
  ],
  [
    'an idle agent below the program that npm put before it',
    {
      processes: [
        processOf('bash', 400, 100),
        processOf('node', 450, 400),
        processOf('claude', 500, 450),
      ],
      starterPids: new Set([450]),
      lastStops: stopped(),
    },
    'completed-retained retained',
  ],
  [
    'an idle agent below another program',
    {
      processes: [
        processOf('bash', 400, 100),
        processOf('node', 450, 400),
        processOf('claude', 500, 450),
      ],
      lastStops: stopped(),
    },
    'active live',
  ],
  [
    'stopgate run waits for a command that is no agent',
    {
      processes: [...wrapper.slice(0, 3), processOf('make', 500, 400)],
      promptPids: new Set(),
      records: [],
      launches: [launchOf()],
    },
    'active live',
  ],
  [
    'the pane has another process than was started',
    {
      records: [],
      launches: [launchOf({ process: { pid: 399, start: 'boot:399' } })],
    },
    'runtime-mismatch runtime-mismatch',
  ],
  [
    'its start failed, and the pane is there',
    {
      records: [],
      launches: [launchOf()],
      ...one({ panes: [paneOf({ dead: true, deadStatus: 127 })] }),
    },
    'runtime-mismatch runtime-mismatch',
  ],
  [
    'how its command ended is not known',
    {
      records: [],
      launches: [launchOf()],
      ...one({ panes: [paneOf({ dead: true, deadStatus: null })] }),
    },
    'cleanup-eligible grace',
  ],
  [
    'its command went well, and the pane is there',
    {
      records: [],
      launches: [launchOf()],
      ...one({ panes: [paneOf({ dead: true, deadStatus: 0 })] }),
    },
    'cleanup-eligible grace',
  ],
])('a tmux session: %s', (_name, changes, expected) => {
  expect(judged(changes)[0]).toBe(`tmux ${expected}`);
});

function ownerOf() {
  return { ...buildOf().owner, sessionId: 'another', pane: null, agent: null } as NonNullable<
    ReturnType<typeof buildOf>['owner']
  >;
}

const HOUR = 3_600_000;
const key = [SOCKET, 100, '1700000000', '$1', sessionOf().created, sessionOf().mark].join(' ');
const seen = (at: string): Changes => ({ observed: new Map([[key, at]]) });

it.each<[string, Changes, number | null, string]>([
  ['seen a minute ago', seen('2026-01-01T23:59:00.000Z'), null, 'null'],
  ['seen a second ago', seen('2026-01-01T23:59:59.000Z'), null, 'grace'],
  ['seen in the future', seen('2026-01-03T00:00:00.000Z'), null, 'grace'],
  ['older than asked for', seen(THEN), 23 * HOUR, 'null'],
  ['of exactly that age', seen(THEN), 24 * HOUR, 'newer-than-threshold'],
  ['newer than asked for', seen(THEN), 25 * HOUR, 'newer-than-threshold'],
  ['another with its key seen', { observed: new Map([[`${key}0`, THEN]]) }, null, 'grace'],
])('a candidate: %s', (_name, changes, olderThanMs, keptBy) => {
  expect(judged(changes, olderThanMs)[0]).toBe(`tmux cleanup-eligible ${keptBy}`);
});

const none = { servers: [{ socket: SOCKET, kind: 'none' as const }], processes: [] };
const hanging = {
  servers: [
    { socket: SOCKET, kind: 'unknown' as const, reason: 'tmux-timeout' as const, detail: 'late' },
  ],
};
const ended = { status: 'stopped' as const, endedAt: THEN, endReason: 'other' };

it.each<[string, Changes, string]>([
  ['its server is gone', none, 'stale-record null'],
  ['it ended, and its server is gone', { ...none, records: [recordOf(ended)] }, 'closed null'],
  ['its server hangs', hanging, 'indeterminate tmux-timeout'],
  ['its server was not asked', { servers: [] }, 'indeterminate tmux-unavailable'],
  [
    'its socket is gone, its server lives',
    { servers: none.servers },
    'indeterminate server-changed',
  ],
  [
    'its server is gone, and whether its process lives cannot be read',
    { ...none, processes: [{ pid: 100, unread: 'own' }] },
    'indeterminate liveness-uncertain',
  ],
  [
    'its agent process cannot be read',
    { ...none, processes: [{ pid: 500, unread: 'own' }] },
    'indeterminate liveness-uncertain',
  ],
  [
    'another server is there',
    { servers: [serverOf([sessionOf()], { pid: 200 })], processes: [] },
    'stale-record null',
  ],
  [
    'the same id was given to another session',
    { servers: [serverOf([sessionOf({ created: '1' })])] },
    'stale-record null',
  ],
  ['its tmux session is gone, its process lives', { ...none, processes: [CLAUDE] }, 'active live'],
  [
    'it ended, and its process lives',
    { ...none, processes: [CLAUDE], records: [recordOf(ended)] },
    'runtime-mismatch live',
  ],
  [
    'its process went on as another session',
    {
      ...none,
      processes: [CLAUDE],
      records: [recordOf(ended), recordOf({ sessionId: 'session-b' })],
    },
    'closed null',
  ],
  [
    'it is in a session of a person, and its process is gone',
    one({ mark: null }),
    'stale-record null',
  ],
  [
    'it is in a session of a person, and no process is known',
    { ...one({ mark: null }), records: [recordOf({ agent: null })] },
    'indeterminate liveness-uncertain',
  ],
  [
    'nothing is known of it',
    { ...none, records: [recordOf({ agent: null, pane: null })] },
    'indeterminate liveness-uncertain',
  ],
  [
    'nothing is known of it but its end',
    { ...none, records: [recordOf({ ...ended, agent: null, pane: null })] },
    'closed null',
  ],
  [
    'its daemon is gone',
    { ...none, records: [recordOf({ agent: null, pane: null, daemon: CLAUDE })] },
    'stale-record null',
  ],
  [
    'its daemon lives',
    {
      ...none,
      processes: [CLAUDE],
      records: [recordOf({ agent: null, pane: null, daemon: CLAUDE })],
    },
    'indeterminate liveness-uncertain',
  ],
  ['kept', { ...none, records: [recordOf({ retained: kept })] }, 'retained retained'],
  [
    'of another machine',
    { ...none, records: [recordOf({ machine: 'machine-2' })] },
    'foreign foreign',
  ],
  [
    'the caller',
    { ...none, processes: [CLAUDE], caller: { pids: new Set([500]), claim: null } },
    'self self',
  ],
  ['there is no process table', { ...none, processes: null }, 'indeterminate liveness-uncertain'],
])('a record: %s', (_name, changes, expected) => {
  const of = judged(changes).filter((line) => line.startsWith('record'));
  expect(of[0]).toBe(`record ${expected}`);
});

it('the record that speaks for a tmux session is no item of its own; an older one is', () => {
  const older = recordOf({
    ...ended,
    sessionId: 'older',
    lastActivityAt: '2025-12-31T00:00:00.000Z',
  });
  expect(judged({ records: [older, recordOf()] })).toEqual([
    'tmux cleanup-eligible grace',
    'record closed null',
  ]);
});

it('tells of a server that hangs and of a file that cannot be read', () => {
  const unreadable = [{ path: '/state/sessions/x.json', why: 'corrupt' }];
  expect(judged({ ...hanging, records: [], unreadable })).toEqual([
    'server indeterminate tmux-timeout',
    'file indeterminate liveness-uncertain',
  ]);
});

it("a tmux inside a tmux: the pane that shows the caller is the caller's too", () => {
  const outer = serverOf([sessionOf()]);
  const inner: World['servers'][number] = {
    socket: '/tmp/tmux-1000/inner',
    kind: 'facts',
    server: {
      pid: 300,
      start: '1',
      sessions: [sessionOf({ id: '$7', mark: null, panes: [paneOf({ id: '%7', pid: 700 })] })],
      clients: [{ session: '$7', pid: 410, activity: 0 }],
    },
  };
  const world = {
    servers: [outer, inner],
    processes: [...SHELL_ONLY, processOf('tmux: client', 410, 400), processOf('bash', 700, 300)],
    caller: { pids: new Set([9000, 700]), claim: null },
  };
  expect(judged(world)).toEqual(['tmux self self', 'tmux foreign foreign']);
});
