import type { HostId } from '../../../src/owner/identity.ts';
import { above, type Machine, type Pane, type Proc, type Site, SOCKET } from './machine.ts';

/** One conversation. Its id is its name. */
export interface Session {
  id: string;
  host: HostId;
  /** How it came to be in the process that it runs in now. */
  source: 'startup' | 'resume' | 'clear';
  /** The session that its process was in directly before. */
  before: Session | null;
  /** A hook was told that it started. */
  isStarted: boolean;
  /** A hook was told anything of it. */
  isRecorded: boolean;
  /** Every process that it ever ran in. */
  agents: Agent[];
  prompts: number;
}

export interface Agent {
  host: HostId;
  site: Site;
  machine: Machine;
  proc: Proc;
  pane: Pane | null;
  cwd: string;
  /**
   * Which of its events reach our hooks: all, those after the start (hooks were installed while it ran), or its stops
   * alone (`build-stop` registered by itself).
   */
  told: 'all' | 'later' | 'stops';
  /** A hook saw it start, or will. */
  isStartTold: boolean;
  /** What its environment says of the agents that it was started from. */
  inherited: Record<string, string>;
  /** The processes above it when it started. */
  bornBelow: Proc[];
  current: Session;
  /** The session whose start was told last. */
  begun: Session | null;
  /** Codex keeps every conversation that it was in. */
  loaded: Session[];
  hasPrompt: boolean;
  /** The sessions that a hook was told of in it. */
  toldOf: Set<Session>;
  /** It was asked to end, and does so. */
  isEnding: boolean;
  /** Its start was told while its pane was there: it is recorded as an agent of that tmux session. */
  isKnown: boolean;
  /** When it was said that the process ends, by SessionEnd. */
  saidEnd: number | null;
  /** When a session that started could first see that it is gone. */
  seenGone?: number;
}

/** Who is told of what happens, as the hosts tell their hooks. */
export interface Listener {
  told(agent: Agent, session: Session, event: Told): void;
  stopped(agent: Agent): void;
}

export type Told =
  | { name: 'SessionStart'; source: string }
  | { name: 'SessionEnd'; reason: string }
  | { name: 'UserPromptSubmit' };

export interface Launch {
  host: HostId;
  site: Site;
  pane: Pane | null;
  cwd: string;
  told?: Agent['told'];
  /** Ticks from the start of the process to its SessionStart. */
  delay: number;
  resume?: Session | null;
  parent?: Agent | null;
  /** tmux starts it in the place of the pane's shell. */
  isRoot?: boolean;
}

/** Everything that ever ran, and what a person, a supervisor or the system can do to it (docs/hosts.md). */
export class Agents {
  readonly all: Agent[] = [];
  readonly sessions: Session[] = [];
  constructor(private readonly listener: Listener) {}

  /** Those that can be talked to. */
  get living(): Agent[] {
    return this.all.filter((agent) => isAlive(agent) && !agent.isEnding);
  }

  launch({
    host,
    site,
    pane,
    cwd,
    told = 'all',
    delay,
    resume = null,
    parent = null,
    isRoot = false,
  }: Launch): Agent {
    const shell = parent
      ? site.spawn('bash', parent.proc)
      : isRoot && pane
        ? pane.server.proc
        : (pane?.root ?? site.spawn('bash', null));
    const proc = site.spawn(host, shell);
    if (isRoot && pane) pane.root = proc;
    const current = resume ?? this.newSession(host, 'startup', null);
    const inherited = parent ? toolEnv(parent) : {};
    const agent: Agent = {
      ...{ host, site, machine: site.machine, proc, pane, cwd, told, inherited },
      isStartTold: told === 'all',
      bornBelow: above(proc),
      current,
      begun: null,
      loaded: [],
      hasPrompt: false,
      toldOf: new Set(),
      isEnding: false,
      isKnown: false,
      saidEnd: null,
    };
    this.all.push(agent);
    this.enter(agent, current, resume ? 'resume' : 'startup', null);
    if (host === 'claude') site.machine.schedule(delay, () => this.begin(agent));
    return agent;
  }

  /** A prompt and the stop after it; Codex tells of the start of a session only now. */
  turn(agent: Agent, ticks: number): void {
    if (!isAlive(agent) || agent.isEnding) return;
    this.begin(agent);
    this.tell(agent, agent.current, { name: 'UserPromptSubmit' });
    agent.hasPrompt = true;
    agent.machine.pass(ticks);
    if (!isAlive(agent) || agent.isEnding) return;
    agent.machine.now += 1;
    this.listener.stopped(agent);
  }

  clear(agent: Agent): void {
    const left = agent.current;
    if (agent.host === 'claude') this.tell(agent, left, { name: 'SessionEnd', reason: 'clear' });
    this.enter(agent, this.newSession(agent.host, 'clear', left), 'clear', left);
    if (agent.host === 'claude') this.begin(agent);
  }

  /** Codex's `/new`; in Claude Code that is another word for `/clear`. */
  startAnother(agent: Agent): void {
    if (agent.host === 'claude') return this.clear(agent);
    this.enter(agent, this.newSession('codex', 'startup', agent.current), 'startup', agent.current);
  }

  resumeInside(agent: Agent, session: Session): void {
    if (session.host !== agent.host || session === agent.current) return;
    const left = agent.current;
    if (agent.host === 'claude') this.tell(agent, left, { name: 'SessionEnd', reason: 'resume' });
    // Codex tells of the end of the very session that it is about to load again.
    else if (agent.loaded.includes(session))
      this.tell(agent, session, { name: 'SessionEnd', reason: 'other' });
    this.enter(agent, session, 'resume', left);
    if (agent.host === 'claude') this.begin(agent);
  }

  /** A person leaves it; `ticks` later its process is gone. */
  exit(agent: Agent, ticks: number): void {
    if (!isAlive(agent)) return;
    agent.isEnding = true;
    const ended = agent.host === 'claude' ? [agent.current] : [...agent.loaded].reverse();
    const reason = agent.host === 'claude' ? 'prompt_input_exit' : 'other';
    for (const session of ended) this.tell(agent, session, { name: 'SessionEnd', reason });
    agent.machine.schedule(ticks, () => agent.site.kill(agent.proc));
  }

  /** SIGHUP: Codex is gone at once; Claude lives until its SessionEnd has been told. */
  hangUp(agent: Agent, ticks: number): void {
    if (!isAlive(agent)) return;
    agent.isEnding = true;
    if (agent.host === 'codex') return agent.site.kill(agent.proc);
    agent.machine.schedule(ticks, () => {
      this.tell(agent, agent.current, { name: 'SessionEnd', reason: 'other' });
      agent.machine.schedule(ticks, () => agent.site.kill(agent.proc));
    });
  }

  /** SIGKILL. */
  crash(agent: Agent): void {
    agent.site.kill(agent.proc);
  }

  private begin(agent: Agent): void {
    const { current } = agent;
    if (!isAlive(agent) || agent.begun === current) return;
    agent.begun = current;
    current.isStarted = true;
    this.tell(agent, current, { name: 'SessionStart', source: current.source });
    if (agent.told === 'later') agent.told = 'all';
  }

  private enter(
    agent: Agent,
    session: Session,
    source: Session['source'],
    before: Session | null,
  ): void {
    Object.assign(session, { source, before });
    agent.current = session;
    agent.begun = null;
    if (!session.agents.includes(agent)) session.agents.push(agent);
    if (!agent.loaded.includes(session)) agent.loaded.push(session);
  }

  private newSession(host: HostId, source: Session['source'], before: Session | null): Session {
    const id = `${host}-${this.sessions.length + 1}`;
    const session: Session = {
      id,
      host,
      source,
      before,
      isStarted: false,
      isRecorded: false,
      agents: [],
      prompts: 0,
    };
    this.sessions.push(session);
    return session;
  }

  private tell(agent: Agent, session: Session, event: Told): void {
    if (!isAlive(agent) || agent.told === 'stops') return;
    if (agent.told === 'later' && event.name === 'SessionStart') return;
    agent.machine.now += 1;
    session.isRecorded = true;
    agent.toldOf.add(session);
    if (event.name === 'UserPromptSubmit') session.prompts += 1;
    if (event.name === 'SessionStart') agent.isKnown ||= isInPane(agent);
    if (event.name === 'SessionEnd' && session === agent.current && !LEFT.has(event.reason)) {
      agent.saidEnd = agent.machine.now;
    }
    this.listener.told(agent, session, event);
  }
}

function isInPane({ pane }: Agent): boolean {
  return pane?.server.panes.includes(pane) ?? false;
}

const LEFT = new Set(['clear', 'resume']);

export function isAlive({ proc }: Agent): boolean {
  return proc.end === null;
}

/** The environment of an agent's hooks. */
export function hookEnv(agent: Agent, session: Session): Record<string, string> {
  const { pane, inherited, proc, host } = agent;
  const tmux = pane && {
    TMUX: `${SOCKET},${pane.server.proc.pid},0`,
    TMUX_PANE: pane.id,
  };
  const own = host === 'claude' && {
    CLAUDE_PID: `${proc.pid}`,
    CLAUDE_CODE_SESSION_ID: session.id,
  };
  return { ...inherited, ...tmux, ...own };
}

/** The environment of what an agent's shell tool runs. */
export function toolEnv(agent: Agent): Record<string, string> {
  const codex = agent.host === 'codex' && { CODEX_SESSION_ID: agent.current.id };
  return { ...hookEnv(agent, agent.current), ...codex };
}
