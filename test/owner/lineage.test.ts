import { expect, it } from 'vitest';
import { type Restart, type RestartFacts, restartOf } from '../../src/owner/lineage.ts';

const started = (ticks: number) => ({ pid: ticks, start: `b:${ticks}` });

/** An agent that started at 10 s in the place of an owner that ran from 1 s to 9 s; a hook saw it start. */
const facts: RestartFacts = {
  agent: started(1000),
  owner: started(100),
  startRecorded: true,
  above: false,
  ended: 'b:900',
  lastSeen: 'b:800',
};

it.each<[string, Partial<RestartFacts>, Restart]>([
  ['the owner had ended', {}, 'after'],
  ['the owner ended in the same tick', { ended: 'b:1000' }, 'after'],
  ['the owner ended 5 s later', { ended: 'b:1500' }, 'at-once'],
  ['the owner ended more than 5 s later', { ended: 'b:1501' }, 'beside'],
  [
    'the owner ran before the last boot',
    { owner: { pid: 1, start: 'a:9' }, ended: 'a:99' },
    'after',
  ],
  ['no end is recorded', { ended: null }, 'beside'],
  ['the owner ran above it when it started', { above: true }, 'beside'],
  ['it is older than the owner: a parent', { owner: started(1001), ended: 'b:1100' }, 'beside'],
  ['its process is not known', { agent: null }, 'beside'],
  ["the owner's process is not known", { owner: null }, 'beside'],
  [
    'no start is recorded, and it is younger than any sign of the owner',
    { startRecorded: false },
    'unrecorded',
  ],
  [
    'no start is recorded, and the owner was seen since',
    { startRecorded: false, lastSeen: 'b:1001' },
    'beside',
  ],
  [
    'no start and no sign of the owner is recorded',
    { startRecorded: false, lastSeen: null },
    'beside',
  ],
  [
    'no start is recorded, and the owner ran above it',
    { startRecorded: false, above: true },
    'beside',
  ],
])('%s', (_name, changes, expected) => {
  expect(restartOf({ ...facts, ...changes })).toBe(expected);
});
