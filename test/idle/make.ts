import type { IdleFacts } from '../../src/idle/facts.ts';

/** Everything agrees: the agent is idle. */
export const IDLE: IdleFacts = {
  agent: 'alive',
  turn: 'settled',
  background: false,
  pane: 'shown',
  inMode: false,
  synchronized: false,
  clientIdleMs: null,
  composer: { kind: 'empty' },
  stillMs: 60_000,
};
