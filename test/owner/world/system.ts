import type { ProcessInfo } from '../../../src/owner/process.ts';
import type { PaneClaim, TmuxAnswer } from '../../../src/owner/tmux.ts';
import { type Proc, SECOND, type Server, type Site, SOCKET } from './machine.ts';

/** Where the code under test runs at this moment: on which site, and below which process. */
export interface Here {
  site: Site;
  below: Proc;
}

let here: Here | null = null;

/** Runs `work` as a program that `below` started, with this environment. */
export function runAt<T>(place: Here, env: Record<string, string>, work: () => T): T {
  const before = { here, env: process.env };
  here = place;
  process.env = { ...env, TZ: 'UTC' };
  try {
    return work();
  } finally {
    here = before.here;
    process.env = before.env;
  }
}

function current(): Here {
  if (here === null) throw new Error('expected a simulated program to run');
  return here;
}

/** What the simulated kernel and tmux answer; the code under test gets these in the place of its own probes. */
export const system = {
  machineId: () => current().site.machine.id,
  namespace: () => current().site.namespace,
  momentNow: () => `${current().site.machine.boot}:${current().site.machine.now}`,

  readProcess(pid: number): ProcessInfo | null {
    const { site, below } = current();
    if (pid === process.pid) return infoOf({ ...below, pid, name: 'node', parent: below }, site);
    const proc = site.find(pid);
    return proc && infoOf(proc, site);
  },

  askTmux({ serverPid, id, socket }: PaneClaim): TmuxAnswer {
    const { server } = current().site;
    if (server === null || socket !== SOCKET) return { kind: 'failed', reason: 'no-server' };
    if (server.proc.pid !== serverPid) return { kind: 'failed', reason: 'other-server' };
    const pane = server.panes.find((one) => one.id === id);
    if (pane === undefined) return { kind: 'failed', reason: 'no-pane' };
    const stamp = {
      socket,
      serverPid,
      serverStart: serverStart(server),
      id,
      sessionId: pane.session.id,
      sessionCreated: '1',
      sessionName: pane.session.name,
    };
    const allPanes = server.panes.map((one) => one.id);
    return {
      kind: 'facts',
      facts: { pane: stamp, panePid: pane.root.pid, shared: false, allPanes },
    };
  },
};

/** tmux tells whole seconds. */
export function serverStart({ proc }: Server): string {
  return `${proc.boot}-${Math.floor(proc.start / SECOND)}`;
}

function infoOf({ pid, name, boot, start, parent }: Proc, { namespace }: Site): ProcessInfo {
  return { pid, name, start: `${boot}:${start}`, ppid: parent?.pid ?? 1, state: 'S', namespace };
}
