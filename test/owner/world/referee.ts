import type { Build } from '../../../src/build/schema.ts';
import type { OwnerStamp } from '../../../src/owner/stamp.ts';
import { type Agent, Agents, isAlive, type Listener, type Session, type Told } from './agents.ts';
import type { Hooks } from './hooks.ts';
import type { Pane } from './machine.ts';
import { SECOND, type Site } from './machine.ts';
import { isAgent, ranTwice, title } from './oracle.ts';
import { serverStart } from './system.ts';

/** Compares everything that the hooks decide with the truth, and throws at the first difference. */
export class Referee implements Listener {
  readonly agents = new Agents(this);
  readonly log: string[] = [];
  /** How often each row, title and duty was met. */
  readonly seen: Record<string, number> = {};
  private readonly former = new Map<string, Session[]>();
  private readonly panes: { pane: Pane; site: Site }[] = [];

  constructor(private readonly hooks: Hooks) {}

  told(agent: Agent, session: Session, event: Told): void {
    this.note(agent, `${session.id}: ${Object.values(event).join(' ')}`);
    const before = this.hooks.builds();
    this.hooks.told(agent, session, event);
    this.checkTransfers(before, agent, session);
    if (event.name === 'SessionStart') this.checkCleared(before, agent);
    if (event.name !== 'SessionEnd') this.checkRestart(before, agent, session);
    if (event.name === 'SessionStart') this.looked(agent);
  }

  stopped(agent: Agent): void {
    const { current } = agent;
    const before = this.hooks.builds();
    const { build, row } = this.hooks.stop(agent);
    this.note(agent, `${current.id}: Stop, ${build === null ? 'let go' : `held by row ${row}`}`);
    this.checkTransfers(before, agent, current);
    const own = before.find(({ owner }) => owner?.sessionId === current.id);
    if (own !== undefined && build === null)
      this.fail(`${current.id} is the owner of ${own.id} by its id, and was let go`);
    if (build === null) return this.checkUntouched(before);
    this.count(`row ${row}`);
    const owner = this.hooks.builds().find(({ id }) => id === build)?.owner;
    if (owner?.sessionId !== current.id)
      this.fail(`${current.id} is held for a build stamped ${owner?.sessionId}`);
    this.checkAlone(agent, build);
  }

  /** Nobody else is held for that build at this time. */
  private checkAlone(agent: Agent, build: string): void {
    for (const other of this.agents.living) {
      if (other === agent || other.current === agent.current || other.told === 'stops') continue;
      if (this.hooks.judge(other).build === build) {
        this.fail(`${other.current.id} would be held for the build of ${agent.current.id}`);
      }
    }
  }

  private checkUntouched(before: readonly Build[]): void {
    if (JSON.stringify(this.hooks.builds()) !== JSON.stringify(before)) {
      this.fail('a stop that was let go changed a build');
    }
  }

  /** Whoever a build goes to has a true title to it. */
  private checkTransfers(before: readonly Build[], agent: Agent, session: Session): void {
    for (const { id, owner: now, history } of this.hooks.builds()) {
      const was = before.find((build) => build.id === id)?.owner;
      if (!was || was.sessionId === now?.sessionId) continue;
      const owner = this.agents.sessions.find((one) => one.id === was.sessionId) ?? null;
      const former = this.former.get(id) ?? [];
      const pane = this.paneOf(was);
      const named = { owner, tmuxName: was.tmuxName, pane, former };
      const found =
        now?.sessionId === session.id ? title(named, session, agent, this.agents.all) : null;
      this.note(
        agent,
        `build of ${was.sessionId} goes to ${now?.sessionId}: ${found} (${history.at(-1)?.note})`,
      );
      if (found === null)
        this.fail(`${now?.sessionId} got the build of ${was.sessionId} without a title`);
      this.count(found);
      this.former.set(id, owner === null ? former : [...former, owner]);
    }
  }

  /** `/clear` loses nothing. */
  private checkCleared(before: readonly Build[], agent: Agent): void {
    const { current } = agent;
    const left = current.before;
    if (current.source !== 'clear' || left === null || !isIn(agent)) return;
    if (ranTwice(left)) return;
    for (const build of before) {
      const isHere = build.owner?.sessionId === left.id && isStamp(build, agent);
      if (!isHere) continue;
      this.count('duty: clear');
      this.expectOwner(build, current);
    }
  }

  /** A restart in place, or alone in its tmux session, loses nothing when the owner's end was told or seen. */
  private checkRestart(before: readonly Build[], agent: Agent, session: Session): void {
    if (!isPlainRestart(agent, session) || !isIn(agent)) return;
    const owned = this.hooks.builds().some(({ owner }) => owner?.sessionId === session.id);
    for (const build of before) {
      if (owned) continue;
      const last = this.agents.all.find((one) => isStamp(build, one));
      if (!last || last.current.id !== build.owner?.sessionId || !this.isProven(last, agent, build))
        continue;
      this.fail(
        `${session.id} restarted in the place of ${last.current.id}, and did not become the owner`,
      );
    }
    if (owned) this.count('duty: restart, or owner already');
  }

  private isProven(last: Agent, agent: Agent, { owner }: Build): boolean {
    if (last.site !== agent.site || isAlive(last) || last.current.agents.length > 1) return false;
    if (last.told !== 'all' || owner?.pane === null || !owner) return false;
    const { start, boot } = agent.proc;
    const told = Math.min(last.saidEnd ?? Infinity, last.seenGone ?? Infinity);
    const isSameBoot = last.proc.boot === boot;
    const pane = this.paneOf(owner);
    if (pane !== null && pane === agent.pane) return isSameBoot && told <= start + 5 * SECOND;
    if (isSameBoot && told > start) return false;
    if (pane === null || pane.server.panes.includes(pane)) return false;
    if (agent.pane === null || agent.pane.session.name !== pane.session.name) return false;
    const inSession = this.agents.all.filter(
      (one) => one.site === agent.site && one.pane?.session.name === pane.session.name,
    );
    return inSession.every((one) => one === last || one === agent);
  }

  /** A session that starts looks at the stamped processes that it can see. */
  private looked({ site, machine }: Agent): void {
    for (const one of this.agents.all) {
      if (one.site === site && !isAlive(one)) one.seenGone ??= machine.now;
    }
  }

  private expectOwner({ id }: Build, session: Session): void {
    const { owner } = this.hooks.builds().find((one) => one.id === id) ?? {};
    if (owner?.sessionId !== session.id)
      this.fail(`${session.id} lost the build, which is stamped ${owner?.sessionId}`);
  }

  /** Remembers a pane, so that stamps can be read. */
  knows(pane: Pane, site: Site): void {
    this.panes.push({ pane, site });
  }

  /** The pane that a stamp means. Servers of two containers may look the same, but for the agent's namespace. */
  private paneOf({ pane: stamped, agent, machine }: OwnerStamp): Pane | null {
    const found = this.panes.find(
      ({ pane: { id, server }, site }) =>
        id === stamped?.id &&
        server.proc.pid === stamped.serverPid &&
        serverStart(server) === stamped.serverStart &&
        site.machine.id === machine &&
        site.namespace === (agent?.namespace ?? site.namespace),
    );
    return found?.pane ?? null;
  }

  note({ proc, pane, host, site, machine }: Agent, what: string): void {
    const where = `${machine.id}/${site.namespace.slice(-3)} ${pane ? `${pane.id} ${pane.session.name}` : 'no pane'}`;
    this.log.push(`${machine.now} ${host} ${proc.pid} (since ${proc.start}) ${where} | ${what}`);
  }

  private count(what: string | null): void {
    this.seen[`${what}`] = (this.seen[`${what}`] ?? 0) + 1;
  }

  private fail(why: string): never {
    throw new Error(`${why}\n${this.log.join('\n')}`);
  }
}

function isStamp({ owner }: Build, { proc, site }: Agent): boolean {
  const agent = owner?.agent;
  return (
    agent?.pid === proc.pid &&
    agent.start === `${proc.boot}:${proc.start}` &&
    agent.namespace === site.namespace
  );
}

/** In the repository where every build of these worlds is. */
function isIn({ cwd }: Agent): boolean {
  return !cwd.endsWith('other');
}

/** The first session of an agent that a person or a supervisor started in a pane, and that our hooks saw starting. */
function isPlainRestart(agent: Agent, session: Session): boolean {
  const isFirst = agent.loaded[0] === session && agent.current === session;
  const isFresh = session.source === 'startup' && session.agents.length === 1;
  return (
    isFirst &&
    isFresh &&
    session.prompts <= 1 &&
    agent.isStartTold &&
    agent.pane !== null &&
    !agent.bornBelow.some(isAgent)
  );
}
