import { spawn } from 'node:child_process';
import { oneLine } from '../../build/line.ts';
import type { Build, Wait } from '../../build/schema.ts';
import { holdsNobody, watch } from '../../build/watch.ts';
import { requireDir } from '../../cwd.ts';
import { StopgateError } from '../../errors.ts';
import { confinementOf, readOnly } from '../../hosts/codex/confinement.ts';
import { codexProgram } from '../../hosts/codex/program.ts';
import { agentAbove } from '../../owner/agent.ts';
import { ancestors, processStamp, readProcess } from '../../owner/process.ts';
import { runnerOf } from '../../rights/runner.ts';
import { plainShell, type Shell, sandboxShell } from '../../rights/shell.ts';
import { stateDir, statePaths } from '../../state/paths.ts';
import { outsideHint } from '../refusal.ts';

export const WHAT_BYTES = 200;

/** The session of Codex whose sandbox each run of a watcher is in, and the program that puts it there. */
interface Held {
  session: string | null;
  codex: string;
}

/** By environment: what Codex lets out of its sandbox has the environment of Codex, and arguments of an agent. */
const HELD = 'STOPGATE_WATCH_HELD';

/**
 * Starts what runs a command again and again: a process group of its own, without anything of the shell that started it,
 * so that it outlives the agent's tool call. @throws StopgateError `in-sandbox`, `no-codex`, `no-watcher`.
 */
export function startWatcher({ id }: Build, command: string, deadline: number): Wait {
  const [, cli = ''] = process.argv;
  const words = [cli, 'build', 'watch', id, String(deadline), command];
  const held = heldBy();
  const env = { ...process.env, [HELD]: held === null ? undefined : JSON.stringify(held) };
  const cwd = requireDir();
  const watcher = spawn(process.execPath, words, { cwd, detached: true, stdio: 'ignore', env });
  watcher.unref();
  const { pid = 0 } = watcher;
  const info = readProcess(pid);
  if (!info) {
    throw new StopgateError('no-watcher', `Could not start what runs "${command}".`);
  }
  return { ...processStamp(info), what: oneLine(command, WHAT_BYTES) };
}

/** What `build wait --until` leaves running; it ends by itself. Each run is held as its session is at that time. */
export async function watchFor(id: string, command: string, deadline: number): Promise<void> {
  const paths = statePaths(stateDir());
  const cwd = requireDir();
  // Detached, it has no agent above it any more; one that an agent starts itself has.
  const held = agentAbove(ancestors(process.pid))?.kind === 'codex' ? heldBy() : inherited();
  delete process.env[HELD];
  const shell = held === null ? () => plainShell : () => shellOf(held, cwd);
  await watch({ command, cwd, deadline, shell }, () => holdsNobody(paths, id));
}

/** @throws StopgateError `in-sandbox`, `no-codex`. */
function heldBy(): Held | null {
  const chain = ancestors(process.pid);
  const { by, session, contained } = runnerOf(process.env, chain);
  if (contained) throw inSandbox();
  if (by !== 'codex') return null;
  const codex = codexProgram(chain, process.env);
  if (codex !== null) return { session, codex };
  if (confinementOf(session, process.env).kind === 'none') return null;
  throw new StopgateError('no-codex', 'Expected the program codex, whose sandbox is needed here.', {
    hint: 'Put it on PATH, or wait for a process instead: stopgate build wait --pid <pid> --for 2h',
  });
}

function inherited(): Held | null {
  const text = process.env[HELD];
  return text === undefined ? null : (JSON.parse(text) as Held);
}

function shellOf({ session, codex }: Held, cwd: string): Shell {
  const now = confinementOf(session, process.env);
  if (now.kind === 'none') return plainShell;
  const sandbox = now.kind === 'sandbox' ? now : readOnly(cwd);
  return sandboxShell(codex, { kind: 'sandbox', sandbox, note: null });
}

function inSandbox(): StopgateError {
  const message =
    'What this would start ends with this command: it runs inside a sandbox of its own.';
  return new StopgateError('in-sandbox', message, {
    hint: `${outsideHint()}\nOr wait for a process outside of it: stopgate build wait --pid <pid> --for 2h`,
  });
}
