import fc from 'fast-check';
import type { HostId } from '../../../src/owner/identity.ts';
import { type Agent, type Agents, isAlive, type Launch } from './agents.ts';
import type { Hooks } from './hooks.ts';
import { Machine, type Pane, type Site } from './machine.ts';
import type { Referee } from './referee.ts';

const KINDS = [
  ...[
    'launch',
    'launch',
    'launch',
    'launch',
    'turn',
    'turn',
    'turn',
    'turn',
    'turn',
    'build',
    'build',
    'build',
  ],
  ...[
    'clear',
    'clear',
    'another',
    'resume',
    'exit',
    'exit',
    'exit',
    'crash',
    'kill pane',
    'respawn',
    'respawn',
  ],
  ...['child', 'child', 'tmux restart', 'reboot', 'build for'],
] as const;

/** One thing that happens; the numbers choose among what there is. */
export interface Action {
  kind: (typeof KINDS)[number];
  /** Ticks that pass before it. */
  ticks: number;
  a: number;
  b: number;
  c: number;
}

const choice = fc.nat(999);

export const actions = fc.array(
  fc.record<Action>({
    kind: fc.constantFrom(...KINDS),
    ticks: fc.constantFrom(1, 30, 120, 450, 700, 6000, 360_000),
    a: choice,
    b: choice,
    c: choice,
  }),
  { minLength: 5, maxLength: 40 },
);

/** The directories that agents work in: a repository, a linked worktree of it, another repository. */
export type Places = readonly [repository: string, worktree: string, other: string];

/** Plays one world: two machines, one of them with a container, that share state and checkouts. */
export function play(
  script: readonly Action[],
  referee: Referee,
  hooks: Hooks,
  places: Places,
): void {
  const machines = [
    new Machine('m0', ['4026531836', '4026532001:77']),
    new Machine('m1', ['4026531836']),
  ];
  const world = new World(machines, referee, hooks, places);
  for (const action of script) {
    for (const machine of machines) machine.pass(action.ticks);
    world.act(action);
  }
  for (const machine of machines) machine.pass(1000);
}

class World {
  private readonly agents: Agents;
  private readonly sites: Site[];
  constructor(
    private readonly machines: readonly Machine[],
    private readonly referee: Referee,
    private readonly hooks: Hooks,
    private readonly places: Places,
  ) {
    this.agents = referee.agents;
    this.sites = machines.flatMap(({ sites }) => sites);
  }

  act(action: Action): void {
    const { kind, a, b, c } = action;
    const agent = pick(this.agents.living, a);
    if (kind === 'launch') return this.launch(action);
    if (kind === 'reboot') return this.reboot(action);
    if (kind === 'tmux restart') return this.restartTmux(action);
    if (kind === 'build for') return this.buildFor(action);
    if (agent === undefined) return;
    if (kind !== 'turn') this.referee.note(agent, kind);
    switch (kind) {
      case 'turn':
        return this.agents.turn(agent, 1 + (b % 300));
      case 'build':
        return this.build(agent, b, c);
      case 'clear':
        return this.agents.clear(agent);
      case 'another':
        return this.agents.startAnother(agent);
      case 'resume': {
        const session = pick(this.agents.sessions, b);
        return session && this.agents.resumeInside(agent, session);
      }
      case 'exit':
        return this.agents.exit(agent, b % 400);
      case 'crash':
        return this.agents.crash(agent);
      case 'kill pane':
        return agent.pane === null ? undefined : this.endPane(agent.pane, b);
      case 'respawn':
        return this.respawn(agent, action);
      case 'child':
        return this.child(agent, action);
      default:
        return kind satisfies never;
    }
  }

  private launch({ a, b, c }: Action): void {
    const site = this.site(a);
    const free = this.freePanes(site);
    const pane =
      [null, this.pane(site, 'work'), this.pane(site, 'play')][b % 7] ??
      pick(free, c) ??
      this.pane(site, 'work');
    this.start(
      {
        ...this.kindOf(a + b),
        site,
        pane,
        cwd: this.cwd(c),
        delay: DELAYS[c % DELAYS.length] ?? 1,
        told: TOLD[(a + c) % TOLD.length] ?? 'all',
      },
      b,
    );
  }

  /** Starts an agent, at times with an earlier session of its host. */
  private start(launch: Launch, n: number): Agent {
    const earlier = this.agents.sessions.filter(({ host }) => host === launch.host);
    const resume = n % 4 === 0 ? (pick(earlier, n >> 2) ?? null) : null;
    const agent = this.agents.launch({ resume, ...launch });
    this.referee.note(
      agent,
      `started with ${agent.current.id} in ${agent.cwd.slice(-5)}, told ${agent.told}`,
    );
    return agent;
  }

  /** A prompt, a build in its turn, and its stop. */
  private build(agent: Agent, b: number, c: number): void {
    this.inConversation(agent);
    if (!isAlive(agent) || agent.cwd.endsWith('other')) return;
    const name = agent.pane?.session.name ?? 'work';
    const session = pick(this.agents.sessions, c)?.id ?? agent.current.id;
    const flags = [
      {},
      {},
      {},
      { ownerTmux: name },
      { ownerSession: agent.current.id },
      { ownerSession: session, ownerTmux: 'work' },
    ];
    const built = this.hooks.startBuild(agent, flags[b % flags.length] ?? {});
    this.referee.note(agent, `build of ${built?.owner?.sessionId} ${built?.owner?.tmuxName}`);
    if (c % 2 === 0) this.agents.turn(agent, 20);
  }

  /** Only an agent that was prompted runs commands. */
  private inConversation(agent: Agent): void {
    if (!agent.hasPrompt || agent.begun !== agent.current) this.agents.turn(agent, 5);
  }

  private buildFor({ a, b }: Action): void {
    const [repository] = this.places;
    const session = pick(this.agents.sessions, b)?.id;
    const flags = [
      { ownerTmux: 'work' },
      session ? { ownerSession: session } : { ownerTmux: 'play' },
    ];
    this.hooks.startBuildFor(this.site(a), repository, flags[b % 2] ?? {});
  }

  private child(parent: Agent, { b, c }: Action): void {
    this.inConversation(parent);
    if (!isAlive(parent)) return;
    const { site, pane, cwd } = parent;
    const child = this.start(
      { ...this.kindOf(b), site, pane, cwd, delay: 1, parent, told: 'all' },
      1,
    );
    parent.machine.pass(20);
    this.agents.turn(child, 10);
    if (c % 3 > 0) this.agents.exit(child, c % 50);
  }

  private endPane(pane: Pane, n: number): void {
    for (const one of this.agents.living.filter((agent) => agent.pane === pane))
      this.agents.hangUp(one, n % 150);
    this.agents.all.find((one) => one.pane === pane)?.site.closePane(pane);
  }

  /** `respawn-pane -k`: the next agent starts while the last one may still be ending. */
  private respawn(agent: Agent, { b, c }: Action): void {
    const { pane, site, cwd, host } = agent;
    if (pane === null || !pane.server.panes.includes(pane)) return;
    for (const one of this.agents.living.filter((other) => other.pane === pane))
      this.agents.hangUp(one, b % 200);
    site.kill(pane.root);
    this.start({ host, site, pane, cwd, delay: DELAYS[c % DELAYS.length] ?? 1, isRoot: true }, c);
  }

  private restartTmux({ a, b, c }: Action): void {
    const site = this.site(a);
    for (const agent of this.agents.living)
      if (agent.site === site && agent.pane) this.agents.hangUp(agent, (b + agent.proc.pid) % 150);
    site.closeServer();
    site.machine.pass(c % 400);
    this.restore(site, b % 6);
  }

  private reboot({ a, b }: Action): void {
    const machine = this.machines[a % 4 === 0 ? 1 : 0];
    machine?.reboot();
    const site = machine?.sites[0];
    if (site) this.restore(site, b % 6);
  }

  /** As a person's scripts do: one tmux session, and some agents in it. */
  private restore(site: Site, count: number): void {
    const [cwd] = this.places;
    for (let n = 0; n < count; n += 1) {
      this.start(
        { host: 'claude', site, pane: this.pane(site, 'work'), cwd, delay: 1 + n * 7, told: 'all' },
        1,
      );
    }
  }

  private site(n: number): Site {
    const found = this.sites[n % 8 < 6 ? 0 : 1 + (n % 2)] ?? this.sites[0];
    if (found === undefined) throw new Error('a world has a site');
    return found;
  }

  private pane(site: Site, name: string): Pane {
    const pane = site.openPane(name);
    this.referee.knows(pane, site);
    return pane;
  }

  private freePanes(site: Site): Pane[] {
    const panes = site.server?.panes ?? [];
    return panes.filter((pane) => !this.agents.living.some((agent) => agent.pane === pane));
  }

  private cwd(n: number): string {
    return this.places[n % 5 === 4 ? 2 : n % 5 === 3 ? 1 : 0];
  }

  private kindOf(n: number): { host: HostId } {
    return { host: n % 4 === 3 ? 'codex' : 'claude' };
  }
}

const DELAYS = [2, 40, 150, 300, 620];
const TOLD: Agent['told'][] = ['all', 'all', 'all', 'all', 'all', 'all', 'all', 'later', 'stops'];

function pick<T>(list: readonly T[], n: number): T | undefined {
  return list[n % Math.max(1, list.length)];
}
