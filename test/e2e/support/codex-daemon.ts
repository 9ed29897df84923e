import { readdirSync, readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { Scratch } from './scratch.ts';
import { until } from './until.ts';

/** The pids of the shared daemon that serves this CODEX_HOME, and of no other. */
export function codexDaemons(place: Scratch): number[] {
  return processesOf(place).filter((pid) => read(pid, 'cmdline').includes('--managed-daemon'));
}

/** Ends, after the test, every process that was started with this test's CODEX_HOME. */
export function endCodexAfterTest(place: Scratch): void {
  onTestFinished(async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (const pid of processesOf(place)) end(pid, signal);
      await until('no process of this CODEX_HOME', () => processesOf(place).length === 0, 5).catch(
        () => undefined,
      );
    }
  });
}

function processesOf(place: Scratch): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .filter((pid) => read(pid, 'environ').split('\0').includes(`CODEX_HOME=${place.codexHome}`));
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone between the look and the signal, which is what was wanted.
  }
}

/** Empty for a process that is gone, a zombie, or another user's. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
