import type { AgentProcess, ProcessInfo } from '../../owner/process.ts';
import type { ProcessTable } from '../../owner/table.ts';
import { isShell } from '../../owner/wrapper.ts';

/** What is known of the processes of one tmux session before its panes are looked at. */
export interface Known {
  processes: ProcessTable;
  /** Shells at their prompt. */
  promptPids: ReadonlySet<number>;
  starterPids: ReadonlySet<number>;
  /** Agents that are idle, or of which that cannot be told. */
  toldPids: ReadonlySet<number>;
  /** `stopgate run`, which waits for its command. */
  wrapper: AgentProcess | null;
}

/**
 * The processes below (and of) `root` that may be at work: everything but shells at their prompt, agents that
 * are told of already, and what stands between a pane and such an agent, waiting for it.
 */
export function atWorkBelow(root: ProcessInfo, known: Known): ProcessInfo[] {
  const children = known.processes.below(root.pid).filter(({ ppid }) => ppid === root.pid);
  const busy = children.flatMap((child) => atWorkBelow(child, known));
  if (known.toldPids.has(root.pid)) return children;
  if (holdsAgent(root, known)) {
    if (isWrapper(root, known)) return busy.filter((info) => !isHelper(info, root, known));
    if (isShell(root.name) || known.starterPids.has(root.pid)) return busy;
  }
  const atPrompt = isShell(root.name) && known.promptPids.has(root.pid);
  return atPrompt ? busy : [root, ...busy];
}

function holdsAgent({ pid }: ProcessInfo, { processes, toldPids }: Known): boolean {
  return processes.below(pid).some((info) => toldPids.has(info.pid));
}

function isWrapper({ pid, start }: ProcessInfo, { wrapper }: Known): boolean {
  return wrapper !== null && wrapper.pid === pid && wrapper.start === start;
}

/** `stopgate run` keeps a small shell beside its command, and has no other children. */
function isHelper(info: ProcessInfo, wrapper: ProcessInfo, { processes }: Known): boolean {
  return info.ppid === wrapper.pid && isShell(info.name) && processes.below(info.pid).length === 0;
}
