import { readdirSync } from 'node:fs';
import { type ProcessInfo, parsePs, readProcess } from './process.ts';

/** Every process at one moment. */
export interface ProcessTable {
  get(pid: number): ProcessInfo | null;
  /** Everything below `pid`, nearest first. What left its parent (setsid, nohup) is not found. */
  below(pid: number): ProcessInfo[];
}

/** Reads the table once, or `null` when it cannot be read. */
export function readTable(): ProcessTable | null {
  const all = process.platform === 'linux' ? fromProc() : fromPs();
  return all === null ? null : tableOf(all);
}

/** A table of the given processes. Zombies are left out: they are dead. */
export function tableOf(all: readonly ProcessInfo[]): ProcessTable {
  const byPid = new Map<number, ProcessInfo>();
  const byParent = new Map<number, ProcessInfo[]>();
  for (const info of all) {
    if (/^[ZX]/.test(info.state)) continue;
    byPid.set(info.pid, info);
    byParent.set(info.ppid, [...(byParent.get(info.ppid) ?? []), info]);
  }
  const below = (pid: number) => {
    const found: ProcessInfo[] = [];
    for (const next of [...(byParent.get(pid) ?? [])]) found.push(next, ...below(next.pid));
    return found;
  };
  return { get: (pid) => byPid.get(pid) ?? null, below };
}

function fromProc(): ProcessInfo[] | null {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.flatMap((pid) => readProcess(Number(pid)) ?? []);
  } catch {
    return null;
  }
}

function fromPs(): ProcessInfo[] | null {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const ps = spawnSync('ps', ['-axo', 'pid=,ppid=,state=,lstart=,comm='], {
    encoding: 'utf8',
    timeout: 2000,
    killSignal: 'SIGKILL',
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
  if (ps.error || ps.signal || ps.status !== 0) return null;
  return ps.stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return (match && parsePs(Number(match[1]), match[2] ?? '')) || [];
  });
}
