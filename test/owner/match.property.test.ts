import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Restart } from '../../src/owner/lineage.ts';
import { match } from '../../src/owner/match.ts';
import type { Liveness } from '../../src/owner/process.ts';
import type { PaneStamp } from '../../src/owner/stamp.ts';

/** Few values each, so that stamps and askers meet often. */
const pane = fc.record({
  socket: fc.constantFrom('/s1', '/s2'),
  serverPid: fc.constantFrom(1, 2),
  serverStart: fc.constantFrom('a', 'b'),
  id: fc.constantFrom('%0', '%1'),
  sessionId: fc.constantFrom('$0', '$1'),
  sessionCreated: fc.constantFrom('c', 'd'),
  sessionName: fc.constantFrom('work', 'work-2'),
});
const agent = fc.record({ pid: fc.constantFrom(1, 2), start: fc.constantFrom('x', 'y') });
const sessionId = fc.option(fc.constantFrom('a', 'b', 'c'));
const machine = fc.constantFrom('m1', 'm1', 'm1', 'm2');
const host = fc.option(fc.constantFrom('claude' as const, 'codex' as const));

const stamps = fc.record({
  host,
  sessionId,
  agent: fc.option(agent),
  pane: fc.option(pane),
  tmuxName: fc.option(fc.constantFrom('work', 'work-2')),
  former: fc.subarray(['a', 'b', 'c']),
  inherited: fc.boolean(),
  machine,
  stampedAt: fc.constant('t'),
});
const askers = fc.record({
  host,
  sessionId,
  agent: fc.option(agent),
  pane: fc.option(pane),
  sharedPane: fc.boolean(),
  outermost: fc.boolean(),
  serverPanes: fc.subarray(['%0', '%1']),
  machine,
  cwd: fc.constant('/'),
});
const facts = fc.record({
  agent: fc.constantFrom<Liveness[]>('alive', 'dead', 'unknown'),
  sameCheckout: fc.boolean(),
  lineage: fc.record({
    cleared: fc.boolean(),
    restart: fc.constantFrom<Restart[]>('after', 'at-once', 'unrecorded', 'beside', 'decided'),
    alone: fc.boolean(),
    stamped: fc.constantFrom<Liveness[]>('alive', 'dead', 'unknown'),
  }),
});

it('an owner is proven: by session id, by clear in its process, or by a place and what is recorded', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(stamps, askers, facts, (stamp, me, world) => {
      const found = match(stamp, me, world);
      const { agent: liveness, sameCheckout, lineage } = world;
      seen.add(String(found.row));
      if (found.answer !== 'owner') return true;
      const server = (p: PaneStamp | null) => p && [p.socket, p.serverPid, p.serverStart].join();
      const sameServer = server(stamp.pane) === server(me.pane) && me.pane !== null;
      const samePane = sameServer && stamp.pane?.id === me.pane?.id;
      const sameAgent =
        me.agent?.pid === stamp.agent?.pid && me.agent?.start === stamp.agent?.start;
      const sameSocket = me.pane !== null && stamp.pane?.socket === me.pane.socket;
      const isStamped = me.sessionId !== null && me.sessionId === stamp.sessionId;
      const isFormer = me.sessionId !== null && stamp.former.includes(me.sessionId);
      const proofs: Record<typeof found.row, boolean> = {
        2: isStamped || (isFormer && liveness === 'dead'),
        '3a': sameAgent && me.agent !== null && lineage.cleared,
        '3b':
          samePane &&
          liveness === 'dead' &&
          ['after', 'at-once', 'unrecorded'].includes(lineage.restart),
        5:
          me.pane?.sessionName === stamp.tmuxName &&
          me.outermost &&
          !me.sharedPane &&
          lineage.stamped === 'dead',
        6:
          sameSocket &&
          !samePane &&
          liveness === 'dead' &&
          !me.sharedPane &&
          lineage.restart === 'after' &&
          lineage.alone &&
          (stamp.pane?.sessionName === me.pane?.sessionName ||
            (sameServer && stamp.pane?.sessionId === me.pane?.sessionId)) &&
          !(sameServer && me.serverPanes.includes(stamp.pane?.id ?? '')),
      };
      expect(proofs[found.row]).toBe(true);
      expect(found.inherited).toBe(
        found.row === 2 ? isStamped && stamp.inherited : found.row === '3b' || found.row === 6,
      );
      if (found.row === 2) {
        if (isStamped && found.restamp) expect(sameAgent || liveness === 'alive').toBe(false);
      } else {
        expect(stamp.machine).toBe(me.machine);
        expect(found.restamp).toBe(true);
        expect(sameCheckout).toBe(true);
      }
      return true;
    }),
    { numRuns: 20_000, seed: 7 },
  );
  expect([...seen].sort()).toEqual(['2', '3a', '3b', '4', '5', '6', '7', '8', '9']);
});

it('the answer never depends on the pane of an asker whose session id is the stamped one', () => {
  fc.assert(
    fc.property(stamps, askers, facts, fc.option(pane), (stamp, me, world, elsewhere) => {
      fc.pre(stamp.sessionId !== null);
      const mine = { ...me, sessionId: stamp.sessionId };
      expect(match(stamp, mine, world)).toEqual(match(stamp, { ...mine, pane: elsewhere }, world));
    }),
  );
});

it('every session but the stamped one is foreign while the stamped agent process lives elsewhere', () => {
  fc.assert(
    fc.property(stamps, askers, facts, (stamp, me, world) => {
      fc.pre(stamp.agent !== null && me.agent !== null && stamp.agent.pid !== me.agent.pid);
      fc.pre(stamp.sessionId !== null && stamp.sessionId !== me.sessionId);
      const alive = { ...world, agent: 'alive' as const };
      const named = { ...stamp, tmuxName: null };
      expect(match(named, me, alive).answer).toBe('foreign');
    }),
  );
});
