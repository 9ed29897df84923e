import { expect, it } from 'vitest';
import { itemsOf } from '../../src/session/report/items.ts';
import type { SessionRecord } from '../../src/session/schema.ts';
import { launchOf, NOW, processOf, recordOf, serverOf, stampOf, worldOf } from './scene.ts';

const HERE = '4026531836';
const ELSEWHERE = '4026532177:66443';

/** Records without a tmux session of ours, as another container left them; here no process has their pids. */
function classOf(record: Partial<SessionRecord>): string {
  const world = worldOf({
    namespace: HERE,
    servers: [serverOf([])],
    processes: [processOf('init', 1, 0)],
    records: [recordOf({ pane: null, ...record })],
  });
  const [item] = itemsOf(world, { at: NOW, olderThanMs: 1 });
  return `${item?.judgement.class} ${item?.judgement.keptBy}`;
}

const agent = { pid: 500, start: 'boot:500', namespace: ELSEWHERE };
const UNSEEN = 'indeterminate liveness-uncertain';

it.each<[string, Partial<SessionRecord>, string]>([
  ['ran here, and is gone', { agent: { ...agent, namespace: HERE } }, 'stale-record null'],
  ['runs in another container', { agent }, UNSEEN],
  ["runs in another container's daemon", { agent: null, daemon: agent }, UNSEEN],
  ['ended in another container, as its host said', { agent, status: 'stopped' }, 'closed null'],
  [
    'ended there in a pane that cannot be seen',
    { agent, status: 'stopped', pane: stampOf({ namespace: ELSEWHERE, serverPid: 7 }) },
    'closed null',
  ],
  [
    'names no process, in a pane whose server cannot be seen',
    { agent: null, pane: stampOf({ namespace: ELSEWHERE, serverPid: 7, serverStart: '1' }) },
    UNSEEN,
  ],
  [
    'names no process, in a pane that 0.1 wrote down',
    { agent: null, pane: stampOf({ serverPid: 7, serverStart: '1' }) },
    UNSEEN,
  ],
  [
    'names no process, in a pane whose server is gone here',
    { agent: null, pane: stampOf({ namespace: HERE, serverPid: 7, serverStart: '1' }) },
    'stale-record null',
  ],
])('a session that %s', (_name, record, expected) => expect(classOf(record)).toBe(expected));

it('a launch of another container stays', () => {
  const world = worldOf({
    namespace: HERE,
    servers: [],
    records: [],
    launches: [
      launchOf({
        process: { pid: 400, start: 'boot:400', namespace: ELSEWHERE },
        pane: stampOf({ namespace: ELSEWHERE }),
      }),
    ],
    processes: [processOf('init', 1, 0)],
  });
  const [item] = itemsOf(world, { at: NOW, olderThanMs: 1 });
  expect(item?.judgement.keptBy).not.toBeNull();
});
