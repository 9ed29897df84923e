/** Simulated machines: a clock, boots, containers with process tables of their own, and their tmux servers. */

export const SECOND = 100;

/** Every tmux server listens here, as in containers that were made from one image. */
export const SOCKET = '/tmp/tmux-0/default';

/** Real pids are smaller: whoever looks one of these up on the real machine finds nothing. */
const FIRST_PID = 5_000_000;
const PIDS = 200;

export interface Proc {
  pid: number;
  name: string;
  boot: string;
  start: number;
  /** `null` while it runs. */
  end: number | null;
  /** Start and end in the order of all worlds' events, whatever clock they are told by. */
  from: number;
  until: number;
  parent: Proc | null;
}

let events = 0;

export interface Pane {
  id: string;
  server: Server;
  /** The tmux session that shows it. */
  session: { id: string; name: string };
  /** What tmux started in it. */
  root: Proc;
}

export interface Server {
  proc: Proc;
  panes: Pane[];
  /** The ids of its sessions by their names. */
  sessions: Map<string, string>;
  /** Counts from 0 on every server. */
  panesOpened: number;
}

export class Machine {
  now = 1000;
  readonly sites: Site[];
  private boots = 0;
  private due: { at: number; run: () => void }[] = [];

  constructor(
    readonly id: string,
    namespaces: readonly string[],
  ) {
    this.sites = namespaces.map((namespace) => new Site(this, namespace));
  }

  get boot(): string {
    return `${this.id}-boot-${this.boots}`;
  }

  /** Has something happen later, while time passes. */
  schedule(ticks: number, run: () => void): void {
    this.due.push({ at: this.now + ticks, run });
  }

  /** Lets time pass, and what is due happen at its time. */
  pass(ticks: number): void {
    const until = this.now + ticks;
    for (;;) {
      const [next] = this.due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.due = this.due.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = Math.max(this.now, until);
  }

  /** Everything ends at once, and ticks are counted anew. */
  reboot(): void {
    this.due = [];
    for (const site of this.sites) site.end();
    this.boots += 1;
    this.now = 500;
  }
}

/** Where processes see each other: a machine, or a container on one. All of them share state directory and checkouts. */
export class Site {
  server: Server | null = null;
  private procs = new Map<number, Proc>();
  private lastPid = 0;

  constructor(
    readonly machine: Machine,
    readonly namespace: string,
  ) {}

  /** The process that has this pid now. */
  find(pid: number): Proc | null {
    const proc = this.procs.get(pid);
    return proc?.end === null ? proc : null;
  }

  /** Starts a process. Pids are given in turn and there are few, so that those of the dead are used again. */
  spawn(name: string, parent: Proc | null): Proc {
    do this.lastPid = (this.lastPid + 1) % PIDS;
    while (this.find(FIRST_PID + this.lastPid));
    const pid = FIRST_PID + this.lastPid;
    this.machine.now += 1;
    const { boot, now } = this.machine;
    events += 1;
    const time = { start: now, end: null, from: events, until: Number.POSITIVE_INFINITY };
    const proc: Proc = { pid, name, boot, ...time, parent };
    this.procs.set(pid, proc);
    return proc;
  }

  /** Ends a process; its children go on without a parent. */
  kill(proc: Proc): void {
    if (proc.end !== null) return;
    events += 1;
    proc.end = this.machine.now;
    proc.until = events;
    for (const one of this.procs.values()) if (one.parent === proc) one.parent = null;
  }

  openPane(name: string): Pane {
    this.server ??= {
      proc: this.spawn('tmux: server', null),
      panes: [],
      sessions: new Map(),
      panesOpened: 0,
    };
    const { server } = this;
    const id = server.sessions.get(name) ?? `$${server.sessions.size}`;
    server.sessions.set(name, id);
    const root = this.spawn('bash', server.proc);
    const pane = { id: `%${server.panesOpened}`, server, session: { id, name }, root };
    server.panesOpened += 1;
    server.panes.push(pane);
    return pane;
  }

  closePane(pane: Pane): void {
    pane.server.panes = pane.server.panes.filter((one) => one !== pane);
    this.kill(pane.root);
  }

  closeServer(): void {
    if (this.server === null) return;
    for (const pane of [...this.server.panes]) this.closePane(pane);
    this.kill(this.server.proc);
    this.server = null;
  }

  /** As a container or a machine ends: with all its processes. */
  end(): void {
    for (const proc of this.procs.values()) this.kill(proc);
    this.closeServer();
    this.procs = new Map();
  }
}

/** The processes above one, nearest first. */
export function above(proc: Proc): Proc[] {
  return proc.parent === null ? [] : [proc.parent, ...above(proc.parent)];
}
