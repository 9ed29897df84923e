import { setTimeout as sleep } from 'node:timers/promises';
import { QUIT, typeAndSubmit } from '../../idle/type.ts';
import { livenessOf, readProcess } from '../../owner/process.ts';
import { signalExactly } from '../../owner/signal.ts';
import { elapsedMs } from '../../state/sleep.ts';
import {
  type Guarded,
  killGuarded,
  type MarkedPane,
  ownFacts,
  type TmuxIdentity,
} from '../../tmux/guard.ts';
import { snapshot } from '../../tmux/snapshot.ts';
import type { Action } from './plan.ts';

type EndSession = Extract<Action, { do: 'end-session' }>;

/** What came of ending a session. */
export type Ended =
  | 'ended'
  | 'not-idle'
  | 'agent-stays'
  | 'work-left'
  | 'refused'
  | 'outcome-unknown';

/** An agent that was asked gets this long; both hosts need a fraction of a second. */
const AGENT_MS = 10_000;
const SESSION_MS = 5_000;
/** What waited for an agent (a shell, `stopgate run`) needs a moment to end or to come back to its prompt. */
const REST_MS = 5_000;

/** The looks that an end rests on. */
export interface Looks {
  /** At an agent, right before it is asked: whether it still is as idle as it was judged, and what is in its pane. */
  rightBefore: (agent: EndSession['agents'][number]) => { idle: boolean; panePid: number | null };
  /** At the session, once an agent has ended: what waited for it may go on with other work. */
  isAtRest: () => Promise<boolean>;
}

/** Ends a tmux session of ours: asks its agents to end, waits for that, then has the server check and end the rest. */
export async function endSession(
  { target, agents }: EndSession,
  { rightBefore, isAtRest }: Looks,
): Promise<Ended> {
  for (const agent of agents) {
    if (livenessOf(agent.process) !== 'dead') {
      const pane = (await panesOf(target))?.find(({ id }) => id === agent.pane) ?? null;
      const { idle, panePid } = rightBefore(agent);
      if (!idle) return 'not-idle';
      const refused = ask(agent, target, { pane, panePid });
      if (refused !== null) return refused;
    }
    if (!(await until(() => livenessOf(agent.process) === 'dead', AGENT_MS))) return 'agent-stays';
    if (!(await until(isAtRest, REST_MS))) return 'work-left';
  }
  const killed = await kill(target);
  if (await until(() => isGone(target), SESSION_MS)) return 'ended';
  return killed === 'refused' ? 'refused' : 'outcome-unknown';
}

async function kill(target: TmuxIdentity): Promise<Guarded> {
  const panes = await panesOf(target);
  if (panes === null) return 'unknown';
  const [pane] = panes;
  return pane === undefined ? 'refused' : killGuarded(target, pane);
}

/** The panes of a session that bears its mark still; `null` when its server does not tell. */
async function panesOf({ socket, id, mark }: TmuxIdentity): Promise<MarkedPane[] | null> {
  const answer = await snapshot(socket);
  if (answer.kind !== 'facts') return null;
  const session = answer.server.sessions.find((one) => one.id === id && one.mark === mark);
  return (session?.panes ?? []).map((pane) => ({ id: pane.id, mark: pane.mark ?? mark }));
}

/** SIGTERM reaches exactly the proven process; text is typed only into the pane that was looked at, while it is nobody's. */
function ask(
  { host, process: agent }: EndSession['agents'][number],
  target: TmuxIdentity,
  { pane, panePid }: { pane: MarkedPane | null; panePid: number | null },
): 'refused' | 'outcome-unknown' | null {
  if (host === 'claude')
    return signalExactly(agent, 'SIGTERM').kind === 'failed' ? 'refused' : null;
  if (pane === null || panePid === null) return 'refused';
  const { socket, serverPid } = target;
  const where = { socket, serverPid, id: pane.id };
  const typed = typeAndSubmit(where, panePid, QUIT, ownFacts(target, pane));
  if (typed === 'sent') return null;
  return typed === 'unknown' ? 'outcome-unknown' : 'refused';
}

/** True when the server says so, or is gone itself; no answer is not a yes. */
async function isGone({
  socket,
  serverPid,
  serverStart,
  id,
  created,
}: TmuxIdentity): Promise<boolean> {
  const answer = await snapshot(socket);
  if (answer.kind === 'unknown') return false;
  if (answer.kind === 'none') return !mayBeTmux(serverPid);
  const { server } = answer;
  if (server.pid !== serverPid || server.start !== serverStart) return true;
  return !server.sessions.some((session) => session.id === id && session.created === created);
}

/** A process that cannot be read may be one. */
function mayBeTmux(pid: number): boolean {
  const info = readProcess(pid);
  if (info === undefined) return true;
  return info !== null && !/^[ZX]/.test(info.state) && info.name.startsWith('tmux');
}

async function until(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = elapsedMs() + ms; elapsedMs() < end; await sleep(50)) {
    if (await holds()) return true;
  }
  return holds();
}
