import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { Writable } from 'node:stream';
import { StopgateError } from '../errors.ts';
import { type AgentProcess, processStamp, readProcess } from '../owner/process.ts';
import { callWaker } from './waker.ts';
import { callWitness, PASSED } from './witness.ts';

/** How a command ended: one of the two is set, as for a child process. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Waits for one line before it becomes the command, with the pid it has: what `bind` does is done by then. */
const GATE = 'IFS= read -r go <&3 || exit 125; exec "$@" 3<&-';

/**
 * Runs a command in the foreground as if this process weren't there: same terminal, process group and environment;
 * every signal reaches it exactly once, and when it is stopped this process is. `bind` gets the command's process
 * before its first instruction; where that throws, the command never runs.
 */
export async function runForeground(
  command: readonly string[],
  bind: (agent: AgentProcess) => void,
): Promise<Ending> {
  const witness = callWitness();
  const child = spawn('/bin/sh', ['-c', GATE, 'stopgate', ...command], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject).on('exit', (code, signal) => resolve({ code, signal }));
  });
  for (const signal of PASSED) {
    process.on(signal, async () => {
      if (!(await witness.saw(signal))) child.kill(signal);
    });
  }
  process.on('SIGCHLD', () => stopWith(child.pid));
  const gate = child.stdio[3] as Writable;
  gate.on('error', () => undefined);
  try {
    bind(agentOf(child.pid));
    process.title = basename(command[0] ?? '');
    gate.end('go\n');
    return await ended;
  } finally {
    gate.destroy();
    witness.dismiss();
  }
}

/** Ends this process as the command ended: with its exit code, or by the signal that it died of. */
export function endAs({ code, signal }: Ending): void {
  if (signal === null) process.exit(code ?? 0);
  process.removeAllListeners(signal);
  // A signal that cannot end this process (SIGPIPE is ignored by Node) is told as a shell tells it.
  setTimeout(() => process.exit(128 + numberOf(signal)), 200);
  process.kill(process.pid, signal);
}

/** A shell takes the terminal back only when the job that it started is stopped, which is this process. */
function stopWith(pid: number | undefined): void {
  const info = pid === undefined ? null : readProcess(pid);
  if (!info?.state.startsWith('T')) return;
  callWaker(info.pid);
  process.kill(process.pid, 'SIGSTOP');
}

function agentOf(pid: number | undefined): AgentProcess {
  const info = pid === undefined ? null : readProcess(pid);
  if (!info) {
    throw new StopgateError('no-process', `The start time of process ${pid} cannot be read.`);
  }
  return processStamp(info);
}

function numberOf(signal: NodeJS.Signals): number {
  return process.getBuiltinModule('node:os').constants.signals[signal];
}
