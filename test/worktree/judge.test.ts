import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Reason } from '../../src/cleanup/words.ts';
import { known, unknown } from '../../src/worktree/fact.ts';
import type { History, WorktreeFacts } from '../../src/worktree/facts/gather.ts';
import { judge } from '../../src/worktree/judge.ts';

const NO_CHANGES = { changed: [], untracked: [], precious: [], made: [] };
const TARGET = 'refs/heads/main';

const HEAD = { branch: 'refs/heads/task', oid: 'b'.repeat(40) };

const HISTORY: History = {
  stray: known(0),
  base: { oid: 'a'.repeat(40), source: 'recorded' },
  targets: known([TARGET]),
  own: known(2),
  integrated: { target: TARGET, proof: 'ancestor' },
  unpushed: known(null),
  stashes: known([]),
};

function history(changes: Partial<History>): Partial<WorktreeFacts> {
  return { history: known({ ...HISTORY, ...changes }) };
}

/** A worktree that may go. */
function factsOf(changes: Partial<WorktreeFacts> = {}): WorktreeFacts {
  return {
    path: '/w',
    isMain: false,
    named: true,
    mark: known(null),
    identity: known(null),
    locked: null,
    prunable: null,
    users: known([]),
    claims: known([]),
    operations: known([]),
    changes: known(NO_CHANGES),
    hidden: known([]),
    nested: known([]),
    head: known(HEAD),
    history: known(HISTORY),
    ...changes,
  };
}

const user = { pid: 5, name: 'sh', cwd: '/w', caller: false };

const SITUATIONS: [string, Partial<WorktreeFacts>, Reason | null][] = [
  ['nothing against it', {}, null],
  ['the main one', { isMain: true }, 'main-worktree'],
  ['nobody named it, and it has no mark', { named: false }, 'foreign'],
  ['a mark that cannot be read', { mark: unknown('torn') }, 'foreign'],
  ['locked', { locked: '' }, 'locked'],
  ['prunable', { prunable: 'gone' }, 'disappeared'],
  [
    'prunable, and its mark cannot be looked for',
    { prunable: 'gone', mark: unknown('') },
    'disappeared',
  ],
  ['its path cannot be followed', { identity: unknown('EACCES') }, 'disappeared'],
  ['something else is there', { identity: known('a link') }, 'identity-changed'],
  ['a process works in it', { users: known([user]) }, 'in-use-cwd'],
  ['the caller works in it', { users: known([user, { ...user, caller: true }]) }, 'self'],
  ['processes cannot be looked at', { users: unknown('EACCES') }, 'liveness-uncertain'],
  ['a living session', { claims: known([{ what: 's', holder: 'alive' }]) }, 'live'],
  [
    'a session of which nothing is known',
    { claims: known([{ what: 's', holder: 'unknown' }]) },
    'liveness-uncertain',
  ],
  ['a dead session', { claims: known([{ what: 's', holder: 'dead' }]) }, null],
  ['records cannot be read', { claims: unknown('EACCES') }, 'liveness-uncertain'],
  ['a rebase', { operations: known(['rebase-merge']) }, 'op-in-progress'],
  ['operations cannot be told', { operations: unknown('late') }, 'op-in-progress'],
  ['a change', { changes: known({ ...NO_CHANGES, changed: ['a'] }) }, 'dirty'],
  ['a new file', { changes: known({ ...NO_CHANGES, untracked: ['a'] }) }, 'untracked'],
  ['an ignored file', { changes: known({ ...NO_CHANGES, precious: ['a'] }) }, 'ignored-precious'],
  ['a cache', { changes: known({ ...NO_CHANGES, made: ['dist/'] }) }, null],
  ['status gives no answer', { changes: unknown('late') }, 'dirty'],
  ['a hidden edit', { hidden: known(['a']) }, 'hidden-edits'],
  ['hidden edits cannot be told', { hidden: unknown('late') }, 'hidden-edits'],
  ['a repository inside', { nested: known([{ path: 'a', kind: 'repository' }]) }, 'nested-repo'],
  ['a submodule', { nested: known([{ path: 'a', kind: 'submodule' }]) }, 'submodule'],
  ['it cannot be looked through', { nested: unknown('EACCES') }, 'nested-repo'],
  ['no history', { history: unknown('late') }, 'detached-unreachable'],
  ['commits that nothing holds', history({ stray: known(1) }), 'detached-unreachable'],
  ['what is held cannot be told', history({ stray: unknown('late') }), 'detached-unreachable'],
  ['no commit of its own', history({ own: known(0) }), 'fresh-no-commits'],
  ['own commits cannot be told', history({ own: unknown('late') }), 'unmerged'],
  ['not integrated', history({ integrated: null }), 'unmerged'],
  ['not integrated, all pushed', history({ integrated: null, unpushed: known(0) }), 'unmerged'],
  ['not integrated, not pushed', history({ integrated: null, unpushed: known(3) }), 'unpushed'],
  [
    'no commit of its own, not integrated',
    history({ own: known(0), integrated: null }),
    'fresh-no-commits',
  ],
  ['integrated, not pushed', history({ unpushed: known(3) }), null],
  ['a stash', history({ stashes: known(['stash@{0}']) }), null],
];

it.each(SITUATIONS)('%s', (_, changes, reason) => {
  expect(judge(factsOf(changes)).refusal).toBe(reason);
});

it('stops at the first refusal, in the order of the steps', () => {
  const { trail } = judge(factsOf({ locked: '', users: known([user]), hidden: known(['a']) }));
  expect(trail.map(({ step, reason }) => [step, reason])).toEqual([
    [1, null],
    [2, 'locked'],
  ]);
});

it('names every step of one that may go, in order', () => {
  const steps = judge(factsOf()).trail.map(({ step }) => step);
  expect(steps).toEqual([1, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 10]);
});

it('of 5,000 random worktrees, lets none go that is used, changed, unknown or not integrated', () => {
  const fact = <T>(...values: T[]) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(known(values[0] as T)) },
      { weight: 1, arbitrary: fc.constantFrom(...values).map(known) },
      { weight: 1, arbitrary: fc.constant(unknown('late')) },
    );
  const rarely = <T>(usual: T, ...others: T[]) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(usual) },
      { weight: 1, arbitrary: fc.constantFrom(...others) },
    );
  const holders = ['alive', 'unknown'] as const;
  const histories = fc.record({
    stray: fact(0, 1),
    base: fc.constant(HISTORY.base),
    targets: fact([TARGET], []),
    own: fact(1, 0),
    integrated: rarely<History['integrated']>({ target: TARGET, proof: 'squash' }, null),
    unpushed: fact<number | null>(null, 0, 2),
    stashes: fact<string[]>([], ['stash@{0}']),
  });
  const worktrees = fc.record<WorktreeFacts>({
    path: fc.constant('/w'),
    isMain: rarely(false, true),
    named: fc.boolean(),
    mark: fact<null>(null),
    identity: fact<string | null>(null, 'a link'),
    locked: rarely<string | null>(null, '', 'why'),
    prunable: rarely<string | null>(null, '', 'gone'),
    users: fact([], [user], [{ ...user, caller: true }]),
    claims: fact([], ...holders.map((holder) => [{ what: 's', holder }])),
    operations: fact<string[]>([], ['MERGE_HEAD']),
    changes: fact(NO_CHANGES, { ...NO_CHANGES, precious: ['.env'] }),
    hidden: fact<string[]>([], ['a']),
    nested: fact([], [{ path: 'a', kind: 'repository' as const }]),
    head: fact(HEAD),
    history: fc.oneof(
      { weight: 12, arbitrary: histories.map(known) },
      { weight: 1, arbitrary: fc.constant(unknown('late')) },
    ),
  });
  let gone = 0;
  fc.assert(
    fc.property(worktrees, (facts) => {
      if (judge(facts).refusal !== null) return;
      gone += 1;
      const { mark, history, ...rest } = facts;
      expect({ ...rest, head: HEAD }).toEqual({
        ...factsOf(),
        mark: undefined,
        history: undefined,
        head: HEAD,
      });
      expect(mark).toEqual(known(null));
      expect(history).toMatchObject({
        value: { stray: known(0), own: known(1), integrated: { target: TARGET } },
      });
    }),
    { numRuns: 5000 },
  );
  expect(gone).toBeGreaterThan(50);
});
