import type { Build } from '../../build/schema.ts';
import type { IdleFacts } from '../../idle/facts.ts';
import type { Namespace } from '../../owner/namespace.ts';
import type { ProcessTable } from '../../owner/table.ts';
import type { PaneClaim } from '../../owner/tmux.ts';
import type { ServerAnswer } from '../../tmux/snapshot.ts';
import type { Launch } from '../launch.ts';
import type { SeenSession } from '../turn.ts';

/** What the gate's log last said of a session's stop. */
export interface LastStop {
  at: string;
  verdict: string;
  cause: string;
  /** Background work and scheduled prompts that were going to wake the session; `null`: nobody looked. */
  background: number | null;
}

/** Who runs the command: its own process and everything above it, and the pane that its environment claims. */
export interface Caller {
  pids: ReadonlySet<number>;
  claim: PaneClaim | null;
}

/** Everything that one look at this machine gave, as values. */
export interface World {
  at: string;
  machine: string;
  /** The PID namespace that the processes were looked at in. */
  namespace: Namespace;
  servers: readonly ServerAnswer[];
  /** `null` when the process table could not be read. */
  processes: ProcessTable | null;
  /** The working directory of each pane's process, as far as it can be read. */
  cwds: ReadonlyMap<number, string>;
  /** Processes that are shells at their prompt. */
  promptPids: ReadonlySet<number>;
  /** Programs that only start a host and wait for it, as npm installs it. */
  starterPids: ReadonlySet<number>;
  records: readonly SeenSession[];
  launches: readonly Launch[];
  /** Files of the registry that cannot be read, with the reason. */
  unreadable: readonly { path: string; why: string }[];
  /** Builds that are not over. */
  openBuilds: readonly Build[];
  /** False when a build's state file could not be read: then nobody is known to own none. */
  buildsKnown: boolean;
  lastStops: ReadonlyMap<string, LastStop>;
  /** What a look at each agent that seems idle found, by session. */
  idleFacts: ReadonlyMap<string, IdleFacts>;
  caller: Caller;
  /** When each tmux session and each build was seen to be a candidate before, by {@link keyOfItem}. */
  observed: ReadonlyMap<string, string>;
}
