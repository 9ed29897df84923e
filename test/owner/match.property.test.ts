import fc from 'fast-check';
import { expect, it } from 'vitest';
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
const sessionId = fc.option(fc.constantFrom('a', 'b'));
const machine = fc.constantFrom('m1', 'm1', 'm1', 'm2');
const host = fc.option(fc.constantFrom('claude' as const, 'codex' as const));

const stamps = fc.record({
  host,
  sessionId,
  agent: fc.option(agent),
  pane: fc.option(pane),
  tmuxName: fc.option(fc.constantFrom('work', 'work-2')),
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
  serverPanes: fc.subarray(['%0', '%1']),
  machine,
  cwd: fc.constant('/'),
});
const facts = fc.record({
  agent: fc.constantFrom<Liveness[]>('alive', 'dead', 'unknown'),
  sameCheckout: fc.boolean(),
});

it('an owner is proven: by session, pane and agent, name, or what is gone; never across machines', () => {
  const seen = new Set<number>();
  fc.assert(
    fc.property(stamps, askers, facts, (stamp, me, { agent: liveness, sameCheckout }) => {
      const found = match(stamp, me, { agent: liveness, sameCheckout });
      seen.add(found.row);
      if (found.answer !== 'owner') return true;
      const server = (p: PaneStamp | null) => p && [p.socket, p.serverPid, p.serverStart].join();
      const sameServer = server(stamp.pane) === server(me.pane) && me.pane !== null;
      const samePane = sameServer && stamp.pane?.id === me.pane?.id;
      const sameAgent =
        me.agent?.pid === stamp.agent?.pid && me.agent?.start === stamp.agent?.start;
      const nameOnly = stamp.sessionId === null && stamp.pane === null;
      const sameSocket = me.pane !== null && stamp.pane?.socket === me.pane.socket;
      const proofs: Record<typeof found.row, boolean> = {
        2: me.sessionId !== null && me.sessionId === stamp.sessionId,
        3: samePane && ((sameAgent && me.agent !== null) || liveness === 'dead'),
        5: nameOnly && me.pane?.sessionName === stamp.tmuxName && !me.sharedPane,
        6:
          sameSocket &&
          !samePane &&
          liveness === 'dead' &&
          !me.sharedPane &&
          (stamp.pane?.sessionName === me.pane?.sessionName ||
            (sameServer && stamp.pane?.sessionId === me.pane?.sessionId)) &&
          !(sameServer && me.serverPanes.includes(stamp.pane?.id ?? '')),
      };
      expect(stamp.machine).toBe(me.machine);
      expect(proofs[found.row]).toBe(true);
      if (found.row === 2) {
        expect(found.inherited).toBe(stamp.inherited);
        if (found.restamp) expect(sameAgent || liveness === 'alive').toBe(false);
      } else {
        expect(found).toMatchObject({ inherited: true, restamp: true });
        expect(sameCheckout).toBe(true);
      }
      return true;
    }),
    { numRuns: 20_000, seed: 7 },
  );
  expect([...seen].sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

it('the answer never depends on the pane of an asker whose session id is the stamped one', () => {
  fc.assert(
    fc.property(stamps, askers, facts, fc.option(pane), (stamp, me, world, elsewhere) => {
      fc.pre(stamp.sessionId !== null && stamp.machine === me.machine);
      const mine = { ...me, sessionId: stamp.sessionId };
      expect(match(stamp, mine, world)).toEqual(match(stamp, { ...mine, pane: elsewhere }, world));
    }),
  );
});

it('every session but the stamped one is foreign while the stamped agent process lives elsewhere', () => {
  fc.assert(
    fc.property(stamps, askers, (stamp, me) => {
      fc.pre(stamp.agent !== null && me.agent !== null && stamp.agent.pid !== me.agent.pid);
      fc.pre(stamp.sessionId !== null && stamp.sessionId !== me.sessionId);
      expect(match(stamp, me, { agent: 'alive', sameCheckout: true }).answer).toBe('foreign');
    }),
  );
});
