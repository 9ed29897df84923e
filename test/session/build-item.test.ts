import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Build } from '../../src/build/schema.ts';
import { itemsOf } from '../../src/session/report/items.ts';
import { foresee, planned } from '../../src/session/report/prune.ts';
import type { World } from '../../src/session/report/world.ts';
import { buildOf } from '../build/make.ts';
import { stampOf } from '../owner/make.ts';
import { NOW, processOf, recordOf, THEN, worldOf } from './scene.ts';

const HOUR = 3_600_000;
const HERE = 'pid:[4026531836] boot:1';

/** A build of a day ago whose owner, process 500 of session-a, is not in the process table. */
function left(build: Partial<Build> = {}, world: Parameters<typeof worldOf>[0] = {}): World {
  const openBuilds = [buildOf({ id: 'b', updatedAt: THEN, ...build })];
  return worldOf({ records: [], servers: [], openBuilds, ...world });
}

const SEEN = new Map([['build b', '2026-01-01T23:59:00.000Z']]);
const judged = (world: World, olderThanMs: number | null = HOUR) =>
  itemsOf(world, { at: world.at, olderThanMs })
    .filter(({ kind }) => kind === 'build')
    .map(({ judgement }) => `${judgement.class} ${judgement.keptBy}`);

it.each<[string, World, number | null, string[]]>([
  ['gone, old and seen before', left({}, { observed: SEEN }), HOUR, ['abandoned null']],
  ['gone, old and seen for the first time', left(), HOUR, ['abandoned grace']],
  ['gone, and younger than the age', left(), 48 * HOUR, ['abandoned newer-than-threshold']],
  [
    'gone, and no age is given',
    left({}, { observed: SEEN }),
    null,
    ['abandoned newer-than-threshold'],
  ],
  [
    'gone, and the session did something since',
    left({}, { records: [recordOf({ pane: null, lastActivityAt: NOW })], observed: SEEN }),
    HOUR,
    ['abandoned newer-than-threshold'],
  ],
  [
    'alive',
    left({}, { processes: [{ ...processOf('claude', 500, 1), start: 'boot:1' }] }),
    HOUR,
    [],
  ],
  [
    'alive in another process than the stamped one',
    left(
      {},
      {
        records: [recordOf({ pane: null, agent: { pid: 600, start: 'boot:600' } })],
        processes: [processOf('claude', 600, 1)],
      },
    ),
    HOUR,
    [],
  ],
  [
    'gone, and a former owner runs',
    left(
      { owner: stampOf({ former: ['session-b'] }) },
      {
        records: [
          recordOf({ sessionId: 'session-b', pane: null, agent: { pid: 600, start: 'boot:600' } }),
        ],
        processes: [processOf('claude', 600, 1)],
      },
    ),
    HOUR,
    [],
  ],
  [
    'gone, and the build waits for a process',
    left(
      { waits: [{ pid: 700, start: 'boot:700', what: 'x' }] },
      { processes: [processOf('make', 700, 1)], observed: SEEN },
    ),
    HOUR,
    ['active live'],
  ],
  [
    'gone, and the build is paused',
    left({ phase: 'paused', pausedFrom: 'executing' }, { observed: SEEN }),
    HOUR,
    ['retained retained'],
  ],
])('a build whose owner is %s', (_name, world, age, expected) => {
  expect(judged(world, age)).toEqual(expected);
});

it.each<[string, Partial<Build>, Parameters<typeof worldOf>[0]]>([
  [
    'is to be found by a tmux session',
    { owner: stampOf({ agent: null, sessionId: null, tmuxName: 'w' }) },
    {},
  ],
  ['is gone, and may be found by a tmux session', { owner: stampOf({ tmuxName: 'w' }) }, {}],
  ['was on another machine', { owner: stampOf({ machine: 'another' }) }, {}],
  ['went on on another machine', {}, { records: [recordOf({ pane: null, machine: 'another' })] }],
  ['is in another container', {}, { namespace: HERE }],
  ['named no process', { owner: stampOf({ agent: null }) }, {}],
  [
    'is in a daemon that lives',
    {},
    {
      records: [recordOf({ agent: null, pane: null, daemon: { pid: 800, start: 'boot:800' } })],
      processes: [processOf('codex', 800, 1)],
    },
  ],
  ['cannot be looked up', {}, { processes: null }],
  [
    'may have a record that cannot be read',
    {},
    { unreadable: [{ path: '/s.json', why: 'corrupt' }] },
  ],
])(
  'a build whose owner %s is never ended; an old one makes the command end with 1',
  (_name, build, world) => {
    const seen = left(build, { ...world, observed: SEEN });
    expect(judged(seen)).toEqual(['indeterminate liveness-uncertain']);
    expect(judged(seen, 48 * HOUR)).toEqual([]);
    expect(judged(seen, null)).toEqual([]);
  },
);

it('names a build in a plan as it was seen', () => {
  const world = left();
  const items = itemsOf(world, { at: world.at, olderThanMs: HOUR });
  expect(planned(items)).toEqual([
    {
      do: 'end-build',
      build: 'b',
      phase: 'executing',
      updatedAt: THEN,
      socket: null,
      lastActivityAt: THEN,
    },
  ]);
  expect(foresee(items).map(({ outcome }) => outcome)).toEqual([
    { verdict: 'kept', reason: 'grace' },
  ]);
});

it('leaves builds without an owner, and ended ones, out', () => {
  expect(judged(left({ owner: null }, { observed: SEEN }))).toEqual([]);
});

it('never ends a build while anything that may be its owner lives or cannot be seen', () => {
  const fate = fc.constantFrom('dead', 'alive', 'unseen', 'none');
  const owner = fc.record({ stamped: fate, recorded: fate, former: fate, daemon: fate });
  const spoken = fc.record({ tmux: fc.boolean(), elsewhere: fc.boolean(), broken: fc.boolean() });
  fc.assert(
    fc.property(owner, spoken, (fates, { tmux, elsewhere, broken }) => {
      const pids = { stamped: 500, recorded: 600, former: 700, daemon: 800 };
      const processOfOne = (one: keyof typeof pids) =>
        fates[one] === 'none'
          ? null
          : {
              pid: pids[one],
              start: `boot:${pids[one]}`,
              namespace: fates[one] === 'unseen' ? 'pid:[1] boot:1' : HERE,
            };
      const agent = processOfOne('recorded');
      const stamp = stampOf({
        agent: processOfOne('stamped'),
        former: ['session-b'],
        tmuxName: tmux ? 'work' : null,
      });
      const daemon = processOfOne('daemon');
      const world = left(
        { owner: stamp },
        {
          namespace: HERE,
          observed: SEEN,
          unreadable: broken ? [{ path: '/s.json', why: 'corrupt' }] : [],
          records: [
            recordOf({ pane: null, agent, daemon, machine: elsewhere ? 'another' : 'machine-1' }),
            recordOf({ sessionId: 'session-b', pane: null, agent: processOfOne('former') }),
          ],
          processes: Object.entries(pids)
            .filter(([one]) => fates[one as keyof typeof pids] === 'alive')
            .map(([, pid]) => processOf('claude', pid, 1)),
        },
      );
      const isCandidate = judged(world).includes('abandoned null');
      const may = [fates.stamped, fates.recorded, fates.daemon];
      const isDoubtful = tmux || elsewhere || broken || [...may, fates.former].includes('unseen');
      if (may.includes('alive') || fates.former === 'alive' || isDoubtful)
        expect(isCandidate).toBe(false);
      // Not only silence: what is dead in every way is one.
      if (!isDoubtful && fates.former === 'dead' && may.every((one) => one === 'dead'))
        expect(isCandidate).toBe(true);
    }),
    { numRuns: 500 },
  );
});
