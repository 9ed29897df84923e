import { expect, it } from 'vitest';
import { summarize } from '../../src/cleanup/words.ts';
import { itemsOf } from '../../src/session/report/items.ts';
import { actionFor, keyOfItem } from '../../src/session/report/plan.ts';
import type { Plan } from '../../src/session/report/plan-file.ts';
import { foresee, itemsOfPlan, planned } from '../../src/session/report/prune.ts';
import type { World } from '../../src/session/report/world.ts';
import {
  NOW,
  paneOf,
  processOf,
  recordOf,
  SHELL_ONLY,
  serverOf,
  sessionOf,
  THEN,
  worldOf,
} from './scene.ts';

const itemsIn = (world: World) => itemsOf(world, { at: world.at, olderThanMs: null });

/** A plan that was made a minute before {@link NOW}, in the world of `worldOf()`. */
function planOf(at = '2026-01-01T23:59:00.000Z'): Plan {
  const actions = planned(itemsIn(worldOf({ at })));
  return JSON.parse(JSON.stringify({ at, olderThanMs: null, actions }));
}

it('plans what only has to be seen once more, and counts the plan as the first look', () => {
  const plan = planOf();
  expect(plan.actions).toMatchObject([{ do: 'end-session', agents: [], name: 'job' }]);
  const { only, world } = itemsOfPlan(plan, worldOf());
  expect(foresee(itemsIn(world), only).map(({ outcome }) => outcome)).toEqual([
    { verdict: 'would_delete' },
  ]);
});

it('does not act on a plan that was made a moment ago', () => {
  const { only, world } = itemsOfPlan(planOf('2026-01-01T23:59:55.000Z'), worldOf());
  expect(foresee(itemsIn(world), only).map(({ outcome }) => outcome)).toEqual([
    { verdict: 'kept', reason: 'grace' },
  ]);
});

it.each<[string, Parameters<typeof worldOf>[0]]>([
  ['it is attached now', { servers: [serverOf([sessionOf({ attached: 1 })])] }],
  ['it is kept now', { records: [recordOf({ retained: { by: 'me', at: THEN, reason: 'r' } })] }],
  [
    'something runs in it',
    { processes: [...SHELL_ONLY, processOf('vim', 401, 400)], promptPids: new Set() },
  ],
  [
    'its window was written to',
    { servers: [serverOf([sessionOf({ panes: [paneOf({ activity: 1_800_000_000 })] })])] },
  ],
  ['it bears another mark', { servers: [serverOf([sessionOf({ mark: 'sg-fedcba9876543210' })])] }],
  ['it is gone', { servers: [serverOf([])] }],
  ['another server is there', { servers: [serverOf([sessionOf()], { start: '1700000001' })] }],
])('a plan is stale when %s', (_name, changes) => {
  expect(() => itemsOfPlan(planOf(), worldOf(changes))).toThrowError(
    expect.objectContaining({ code: 'plan-stale' }),
  );
});

it('a plan acts on nothing that it does not hold', () => {
  const stale = recordOf({ sessionId: 'other', pane: null, agent: { pid: 77, start: 'boot:77' } });
  const world = worldOf({ records: [recordOf(), stale] });
  const { only, world: later } = itemsOfPlan(planOf(), world);
  const done = foresee(itemsIn(later), only);
  expect(summarize(done.map(({ outcome }) => outcome))).toMatchObject({ would_delete: 1, kept: 1 });
});

it('names no session without our mark, and plans nothing for one', () => {
  const [item] = itemsIn(worldOf({ servers: [serverOf([sessionOf({ mark: null })])] }));
  expect(item && keyOfItem(item)).toBeNull();
  expect(item && actionFor(item)).toBeNull();
});

it('what cannot be told is refused, everything else that stays is kept', () => {
  const servers = [
    { socket: '/s', kind: 'unknown' as const, reason: 'tmux-timeout' as const, detail: '' },
    serverOf([sessionOf({ attached: 1 })]),
  ];
  const outcomes = foresee(itemsIn(worldOf({ servers }))).map(({ outcome }) => outcome);
  expect(outcomes).toEqual([
    { verdict: 'refused', reason: 'tmux-timeout' },
    { verdict: 'kept', reason: 'attached' },
  ]);
});
