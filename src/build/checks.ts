import { execa } from 'execa';
import type { FailedCheck } from './schema.ts';

/** A check that runs longer has failed; its process group is ended. */
const CHECK_MS = 10 * 60_000;
const TAIL_BYTES = 4096;

/**
 * Runs each check as a shell command in `cwd`, in order, and returns the first that fails, or `null`.
 * No terminal, no stdin; output is kept only by its tail.
 */
export async function firstFailing(
  checks: readonly string[],
  cwd: string,
  begin: (command: string) => void,
  timeoutMs = CHECK_MS,
): Promise<FailedCheck | null> {
  for (const command of checks) {
    begin(command);
    const failed = await run(command, cwd, timeoutMs);
    if (failed) return failed;
  }
  return null;
}

async function run(command: string, cwd: string, timeoutMs: number): Promise<FailedCheck | null> {
  let tail = '';
  const check = execa('/bin/sh', ['-c', command], {
    cwd,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    detached: true,
  });
  check.all.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_BYTES);
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(check.pid);
  }, timeoutMs);
  const result = await check;
  clearTimeout(timer);
  if (late) return { command, outcome: `no end after ${timeoutMs / 1000} s`, tail };
  if (result.exitCode === 0) return null;
  const outcome =
    result.exitCode === undefined
      ? `could not run: ${result.signal ?? result.shortMessage}`
      : `exit code ${result.exitCode}`;
  return { command, outcome, tail: tail.trimEnd() };
}

/** The check was started as the leader of its own process group. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
