import { readFileSync } from 'node:fs';
import { isGone } from './process.ts';

/** Reads the command line of a process. */
export type ReadCommandLine = (pid: number) => string[] | null;

let kept: Map<number, string[] | null> | null = null;

/** Reads each command line once from now on: for a hook, which lives too briefly for them to change. */
export function keepCommandLines(): void {
  kept ??= new Map();
}

/** The arguments of a process, one element each; none when it is gone, `null` when they cannot be read. */
export function commandLineOf(pid: number): string[] | null {
  const known = kept?.get(pid);
  if (known !== undefined) return known;
  const words = readCommandLine(pid);
  kept?.set(pid, words);
  return words;
}

function readCommandLine(pid: number): string[] | null {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch (error) {
      return isGone(error) ? [] : null;
    }
  }
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const ps = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 250,
    killSignal: 'SIGKILL',
  });
  if (ps.error || ps.signal || (ps.status !== 0 && ps.stderr !== '')) return null;
  return ps.stdout.trim().split(/\s+/);
}
