import { setTimeout as sleep } from 'node:timers/promises';
import { livenessOf, readProcess } from '../../owner/process.ts';
import { readTable } from '../../owner/table.ts';
import {
  type Guarded,
  killGuarded,
  type MarkedPane,
  type TmuxIdentity,
  typeGuarded,
} from '../../tmux/guard.ts';
import { snapshot } from '../../tmux/snapshot.ts';
import type { Action } from './plan.ts';

type EndSession = Extract<Action, { do: 'end-session' }>;

/** What came of ending a session. */
export type Ended = 'ended' | 'agent-stays' | 'work-left' | 'refused' | 'outcome-unknown';

/** An agent that was asked gets this long; both hosts need a fraction of a second. */
const AGENT_MS = 10_000;
const SESSION_MS = 5_000;
/** What waited for an agent (a shell, `stopgate run`) needs a moment to end or to come back to its prompt. */
const REST_MS = 5_000;
/** Codex takes an Enter that follows at once for a part of the text (docs/hosts.md, Ending an interactive one). */
const ENTER_AFTER_MS = 400;

/**
 * Ends a tmux session of ours: asks its agents to end, waits for that, then has the server check and end the rest. What
 * waited for an agent may go on with other work once that has ended, so `isAtRest` looks at the session again then.
 */
export async function endSession(
  { target, agents }: EndSession,
  isAtRest: () => Promise<boolean>,
): Promise<Ended> {
  for (const agent of agents) {
    const asked = await ask(agent, target);
    if (asked !== 'done') return asked === 'unknown' ? 'outcome-unknown' : 'refused';
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

/** SIGTERM reaches exactly the proven process; text is typed only where that very process is seen. */
async function ask(
  { host, process: agent, pane }: EndSession['agents'][number],
  target: TmuxIdentity,
): Promise<Guarded> {
  if (livenessOf(agent) !== 'alive') return livenessOf(agent) === 'dead' ? 'done' : 'refused';
  if (host === 'claude') {
    return sigterm(agent.pid);
  }
  const shown = (await panesOf(target))?.find(({ id }) => id === pane);
  if (shown === undefined || !isBelow(shown.pid, agent.pid)) return 'refused';
  const typed = await typeGuarded(target, shown, ['C-u', '-l /quit']);
  if (typed !== 'done') return typed;
  await sleep(ENTER_AFTER_MS);
  return typeGuarded(target, shown, ['Enter']);
}

function sigterm(pid: number): Guarded {
  try {
    process.kill(pid, 'SIGTERM');
    return 'done';
  } catch {
    return 'refused';
  }
}

/** The panes of a session that bears its mark still; `null` when its server does not tell. */
async function panesOf({ socket, id, mark }: TmuxIdentity): Promise<(MarkedPane & Shown)[] | null> {
  const answer = await snapshot(socket);
  if (answer.kind !== 'facts') return null;
  const session = answer.server.sessions.find((one) => one.id === id && one.mark === mark);
  return (session?.panes ?? []).map((pane) => ({ ...pane, mark: pane.mark ?? mark }));
}

interface Shown {
  /** What tmux started in the pane. */
  pid: number;
}

function isBelow(root: number, pid: number): boolean {
  return (
    root === pid ||
    (readTable()
      ?.below(root)
      .some((info) => info.pid === pid) ??
      false)
  );
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
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
    if (await holds()) return true;
  }
  return holds();
}
