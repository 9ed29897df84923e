import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withAppServer } from '../../src/hosts/codex/app-server.ts';
import { type ListedHook, listHooks } from '../../src/hosts/codex/hook-list.ts';
import { keepTrust, planMoves } from '../../src/hosts/codex/keep-trust.ts';
import { type CodexPlace, codexPlace, OURS } from './codex-place.ts';

const hook = (key: string, command: string, trustStatus: string, enabled = true): ListedHook => ({
  key,
  eventName: 'stop',
  command,
  sourcePath: '/hooks.json',
  enabled,
  currentHash: `hash of ${command}`,
  trustStatus,
});

const cases: [string, ListedHook[], ListedHook[], string[], Record<string, object>][] = [
  [
    'nothing moves',
    [hook('0', 'a', 'trusted'), hook('1', OURS, 'trusted')],
    [hook('0', 'a', 'trusted'), hook('1', OURS, 'trusted')],
    [],
    {},
  ],
  [
    'ours is gone from the end',
    [hook('0', 'a', 'trusted'), hook('1', OURS, 'trusted')],
    [hook('0', 'a', 'trusted')],
    ['1'],
    {},
  ],
  [
    'ours is gone from before two others',
    [hook('0', OURS, 'trusted'), hook('1', 'a', 'trusted'), hook('2', 'b', 'trusted', false)],
    [hook('0', 'a', 'modified'), hook('1', 'b', 'modified')],
    ['0', '1', '2'],
    { 0: { trusted_hash: 'hash of a' }, 1: { trusted_hash: 'hash of b', enabled: false } },
  ],
  [
    'ours was disabled, and another takes its place',
    [hook('0', OURS, 'trusted', false), hook('1', 'a', 'trusted')],
    [hook('0', 'a', 'modified', false)],
    ['0', '1'],
    { 0: { trusted_hash: 'hash of a' } },
  ],
  [
    'nobody trusted the one that moves',
    [hook('0', OURS, 'trusted'), hook('1', 'a', 'untrusted'), hook('2', 'b', 'modified')],
    [hook('0', 'a', 'modified'), hook('1', 'b', 'untrusted')],
    ['0', '2'],
    {},
  ],
  [
    'of two equal ones only the second was trusted',
    [hook('0', OURS, 'trusted'), hook('1', 'a', 'untrusted'), hook('2', 'a', 'trusted')],
    [hook('0', 'a', 'modified'), hook('1', 'a', 'untrusted')],
    ['0', '2'],
    { 1: { trusted_hash: 'hash of a' } },
  ],
  [
    'ours is updated in its place',
    [hook('0', OURS, 'trusted')],
    [{ ...hook('0', OURS, 'modified'), currentHash: 'new' }],
    [],
    {},
  ],
  [
    'a person took theirs out meanwhile',
    [hook('0', 'a', 'trusted'), hook('1', OURS, 'trusted')],
    [hook('0', OURS, 'modified')],
    ['1'],
    { 0: { trusted_hash: `hash of ${OURS}` } },
  ],
];

describe('what moves', () => {
  it.each(cases)('%s', (_name, before, after, left, states) => {
    const plan = planMoves(before, after, (command) => command === OURS);
    expect(plan.edits).toEqual([
      ...left.map((key) => ({
        keyPath: `hooks.state."${key}"`,
        value: null,
        mergeStrategy: 'replace',
      })),
      ...(Object.keys(states).length > 0
        ? [{ keyPath: 'hooks.state', value: states, mergeStrategy: 'upsert' }]
        : []),
    ]);
  });
});

it('carries the trust of a person’s hooks over a removal', async () => {
  const place = codexPlace();
  place.register({ Stop: ['mine'] });
  await trustAll(place);
  place.register({ Stop: ['mine', OURS, 'also mine'] });
  await trustAll(place);

  const { result, kept } = await keepTrust(place, () => {
    place.register({ Stop: ['mine', 'also mine'] });
    return 'done';
  });

  expect([result, kept]).toEqual(['done', { state: 'kept', moved: 1, why: null }]);
  const { hooks } = await list(place);
  expect(hooks.map(({ trustStatus }) => trustStatus)).toEqual(['trusted', 'trusted']);
  expect(Object.keys(JSON.parse(readFileSync(place.trustFile, 'utf8')))).toHaveLength(2);
});

it('makes the change without Codex too, and says that trust is unknown', async () => {
  const place = codexPlace('quits');
  place.register({ Stop: [OURS] });

  const { result, kept } = await keepTrust(place, () => 'done');

  expect(result).toBe('done');
  expect(kept).toMatchObject({ state: 'unknown', why: expect.stringContaining('exit 3') });
});

it('says that trust is lost when Codex does not take it', async () => {
  const place = codexPlace('forgets');
  place.register({ Stop: [OURS, 'mine'] });
  await trustAll(place);

  const { kept } = await keepTrust(place, () => place.register({ Stop: ['mine'] }));

  expect(kept).toMatchObject({ state: 'lost', why: expect.stringContaining('1 hook') });
});

it('passes on what the change throws', async () => {
  const place = codexPlace();
  place.register({ Stop: [OURS] });
  const change = () => Promise.reject(new Error('refused'));

  await expect(keepTrust(place, change)).rejects.toThrow('refused');
});

const list = (place: CodexPlace) =>
  withAppServer(place, (server) => listHooks(server, place.cwd, place.hooksFile));

/** As a person does under /hooks. */
async function trustAll(place: CodexPlace): Promise<void> {
  const { hooks } = await list(place);
  const trust = hooks.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]);
  writeFileSync(place.trustFile, JSON.stringify(Object.fromEntries(trust)));
}
