import type { Identity } from '../../src/owner/identity.ts';
import type { Lineage } from '../../src/owner/lineage.ts';
import type { ProcessInfo } from '../../src/owner/process.ts';
import type { OwnerStamp, PaneStamp } from '../../src/owner/stamp.ts';

/** Pane %1 of tmux session $0 "work". */
export const PANE: PaneStamp = {
  socket: '/tmp/tmux-1000/default',
  serverPid: 100,
  serverStart: '1700000000',
  id: '%1',
  sessionId: '$0',
  sessionCreated: '1700000001',
  sessionName: 'work',
};

export const AGENT = { pid: 500, start: 'boot:1' };

/** The owner that tests start from: a Claude session in {@link PANE}. */
export function stampOf(changes: Partial<OwnerStamp> = {}): OwnerStamp {
  return {
    host: 'claude',
    sessionId: 'session-a',
    agent: AGENT,
    pane: PANE,
    tmuxName: null,
    machine: 'machine-1',
    stampedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

/** The asker that matches {@link stampOf} in everything. */
export function askerOf(changes: Partial<Identity> = {}): Identity {
  return {
    host: 'claude',
    sessionId: 'session-a',
    agent: AGENT,
    pane: PANE,
    sharedPane: false,
    outermost: true,
    serverPanes: ['%1', '%2'],
    machine: 'machine-1',
    cwd: '/repo',
    ...changes,
  };
}

/** What is recorded of an asker that nothing speaks for. */
export function lineageOf(changes: Partial<Lineage> = {}): Lineage {
  return { cleared: false, restart: 'beside', alone: false, stamped: 'dead', ...changes };
}

/** A chain of ancestors, nearest first: `'bash'`, or `['claude', 500]` for a pid that matters. */
export function chainOf(...names: (string | [string, number])[]): ProcessInfo[] {
  return names.map((entry, at) => {
    const [name, pid] = typeof entry === 'string' ? [entry, 9000 - at] : entry;
    return { pid, start: `boot:${pid}`, ppid: 0, state: 'S', name };
  });
}
