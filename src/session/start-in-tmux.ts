import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { machineId } from '../owner/machine.ts';
import { stampedNamespace } from '../owner/namespace.ts';
import { processStamp, readProcess } from '../owner/process.ts';
import type { StatePaths } from '../state/paths.ts';
import { realSocket, socketFolder, socketOf } from '../tmux/sockets.ts';
import { startSession } from '../tmux/start.ts';
import type { Launch } from './launch.ts';
import { createLaunch } from './launch-store.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface TmuxLaunch {
  name: string;
  role: string | null;
  /** What the person asked for. */
  command: readonly string[];
  /** What tmux runs for it. */
  program: readonly string[];
  cwd: string;
}

/** Starts a command in a new, detached tmux session of ours, on the caller's server or the default one, and records it. */
export async function startInTmux(
  paths: StatePaths,
  { name, role, command, program, cwd }: TmuxLaunch,
  env: Env = process.env,
): Promise<Launch> {
  const socket = socketOf(env) ?? join(socketFolder(env), 'default');
  // tmux makes that folder by itself only when it is not told the socket.
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  const { mark, pane, panePid } = await startSession({
    socket,
    name,
    cwd,
    command: program,
    env: passedOn(env),
  });
  const launch: Launch = {
    schema: 1,
    mark,
    pane: { ...pane, ...stampedNamespace(), socket: realSocket(socket) },
    process: processStamp(readProcess(panePid) ?? { pid: panePid, start: '' }),
    command: [...command],
    cwd,
    role,
    machine: machineId(),
    startedAt: new Date().toISOString(),
  };
  createLaunch(paths, launch);
  return launch;
}

/** What says where programs and settings are. Who the caller is does not belong to the one it starts. */
function passedOn(env: Env): Record<string, string> {
  const names = /^(PATH|HOME|CODEX_HOME|CLAUDE_CONFIG_DIR|XDG_\w+_HOME|STOPGATE_\w+)$/;
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => {
      const [name, value] = entry;
      return value !== undefined && names.test(name);
    }),
  );
}
