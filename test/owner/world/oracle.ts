import { type Agent, isAlive, type Session } from './agents.ts';
import { type Pane, type Proc, SECOND } from './machine.ts';

/** What the stamp of a build named before somebody took the build over. */
export interface Named {
  owner: Session | null;
  tmuxName: string | null;
  pane: Pane | null;
  /** The sessions that owned it before. */
  former: readonly Session[];
}

/** How long a replaced agent may take to end while the next one in its pane already runs. */
const GRACE = 5 * SECOND;

/**
 * Says by which true lineage `heir`, in `agent`, may take a build over (docs/adr/0001-ownership.md), `null` for none. It
 * knows when every process of `all` ran, which nobody told it.
 */
export function title(
  named: Named,
  heir: Session,
  agent: Agent,
  all: readonly Agent[],
): string | null {
  const { owner, tmuxName, former } = named;
  // A record holds one process: which of two the session is in when one ends, nobody can know.
  if (owner !== null && ranTwice(owner)) return 'ran twice';
  // In which process a session goes on is not known before its first event there.
  const agents = owner?.agents.filter(({ toldOf }) => toldOf.has(owner)) ?? [];
  const ended = !agents.some(isAlive);
  // A session that no hook was ever told of does not run, as far as anybody can tell.
  if (isNamed(tmuxName, agent) && (ended || !owner?.isRecorded)) return 'named';
  if (owner === null) return null;
  if (former.includes(heir) && ended) return 'former';
  if (isCleared(owner, heir, agent)) return 'cleared';
  if (agent.bornBelow.some(isAgent)) return null;
  if (!agents.every((one) => isAfter(one, agent, named.pane))) return null;
  if (named.pane !== null && named.pane === agent.pane) return 'same pane';
  return isOnlyOne(owner, agent, named.pane, all) ? 'same tmux session' : null;
}

/**
 * The session began by clear in the owner's process, directly after it. Codex tells nobody of a conversation without a
 * prompt, so nobody can know of one in between.
 */
function isCleared(owner: Session, heir: Session, agent: Agent): boolean {
  if (heir.source !== 'clear' || !owner.agents.includes(agent)) return false;
  let { before } = heir;
  while (before !== null && before !== owner && !before.isStarted) before = before.before;
  return before === owner;
}

function isNamed(name: string | null, { pane, bornBelow }: Agent): boolean {
  return name !== null && pane?.session.name === name && !bornBelow.some(isAgent);
}

/** True for the process of an agent. */
export function isAgent({ name }: { name: string }): boolean {
  return name === 'claude' || name === 'codex';
}

/** The agent started when that process of the owner had ended: in the owner's pane at most 5 s before. */
function isAfter(one: Agent, agent: Agent, pane: Pane | null): boolean {
  if (one === agent || one.proc.end === null) return false;
  if (one.bornBelow.includes(agent.proc) || agent.bornBelow.includes(one.proc)) return false;
  if (one.proc.boot !== agent.proc.boot) return one.proc.until < agent.proc.from;
  return endOf(one) <= agent.proc.start + (pane !== null && pane === agent.pane ? GRACE : 0);
}

/** A process that tells its SessionEnd may take a moment to go; who starts in that moment did not run beside the owner. */
function endOf({ proc, saidEnd }: Agent): number {
  return Math.min(proc.end ?? Number.POSITIVE_INFINITY, saidEnd ?? Number.POSITIVE_INFINITY);
}

/** In the owner's tmux session no other agent that our hooks knew of ran until the owner's end. */
function isOnlyOne(
  owner: Session,
  agent: Agent,
  pane: Pane | null,
  all: readonly Agent[],
): boolean {
  const name = pane?.session.name;
  if (name === undefined || agent.pane?.session.name !== name) return false;
  const last = owner.agents.at(-1);
  return !all.some(
    (one) =>
      one !== agent &&
      !owner.agents.includes(one) &&
      one.isKnown &&
      !ranTwice(one.current) &&
      one.site === agent.site &&
      one.pane?.session.name === name &&
      last !== undefined &&
      ranUntil(one, last),
  );
}

function ranUntil({ proc }: Agent, { proc: last }: Agent): boolean {
  if (proc.boot !== last.boot || last.end === null) return false;
  return proc.start <= last.end && (proc.end === null || proc.end > last.end - GRACE);
}

/** The session was in two processes at once, as `claude --continue` twice makes it. */
export function ranTwice({ agents }: Session): boolean {
  return agents.some((a, at) => agents.slice(at + 1).some((b) => overlap(a.proc, b.proc)));
}

function overlap(a: Proc, b: Proc): boolean {
  return a.from < b.until && b.from < a.until;
}
