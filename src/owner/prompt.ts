import { readFileSync } from 'node:fs';
import { commandLineOf } from './command-line.ts';
import type { ProcessInfo } from './process.ts';
import { isShell } from './wrapper.ts';

/**
 * True when a process is a shell that waits at its prompt: it was started to be typed into, sleeps, and holds its
 * terminal's foreground. One that runs a script or a command line is none, and neither is one that cannot be read.
 */
export function isAtPrompt(info: ProcessInfo): boolean {
  if (!isShell(info.name) || !info.state.startsWith('S')) return false;
  const words = commandLineOf(info.pid);
  if (words === null) return false;
  const [, ...args] = words.filter((word) => word !== '');
  const typedInto = args.every((word) => word.startsWith('-') && !/^-[a-z]*c/.test(word));
  return typedInto && holdsForeground(info.pid);
}

function holdsForeground(pid: number): boolean {
  if (process.platform !== 'linux') return psForeground(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group !== undefined && group === foreground;
  } catch {
    return false;
  }
}

/** ps(1) marks a process of the foreground group with `+`. */
function psForeground(pid: number): boolean {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const ps = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 250,
    killSignal: 'SIGKILL',
  });
  return (ps.stdout ?? '').includes('+');
}
