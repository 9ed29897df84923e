import { readdirSync, statSync } from 'node:fs';
import { type ProcessInfo, parsePs, type ReadProcess, readProcess } from './process.ts';

/** Every process at one moment. */
export interface ProcessTable {
  get: ReadProcess;
  /** Everything below `pid`, nearest first. What left its parent (setsid, nohup) is not found. */
  below(pid: number): ProcessInfo[];
  /** Processes of this user that are there and cannot be read: each of them may be below any other. */
  hidden: readonly number[];
}

/** One process of a table: what it is, or that it is there and cannot be read. */
export type Row = ProcessInfo | { pid: number; unread: 'own' | 'others' };

/** Reads the table once, or `null` when it cannot be read. */
export function readTable(): ProcessTable | null {
  const all = process.platform === 'linux' ? fromProc() : fromPs();
  return all === null ? null : tableOf(all);
}

/** A table of the given processes. Zombies are left out: they are dead. What cannot be read is neither. */
export function tableOf(all: readonly Row[]): ProcessTable {
  const byPid = new Map<number, ProcessInfo | undefined>();
  const byParent = new Map<number, ProcessInfo[]>();
  const hidden: number[] = [];
  for (const info of all) {
    if ('unread' in info) {
      byPid.set(info.pid, undefined);
      if (info.unread === 'own') hidden.push(info.pid);
      continue;
    }
    if (/^[ZX]/.test(info.state)) continue;
    byPid.set(info.pid, info);
    byParent.set(info.ppid, [...(byParent.get(info.ppid) ?? []), info]);
  }
  const below = (pid: number) => {
    const found: ProcessInfo[] = [];
    for (const next of [...(byParent.get(pid) ?? [])]) found.push(next, ...below(next.pid));
    return found;
  };
  return { get: (pid) => (byPid.has(pid) ? byPid.get(pid) : null), below, hidden };
}

function fromProc(): Row[] | null {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.flatMap((pid) => rowOf(Number(pid)) ?? []);
  } catch {
    return null;
  }
}

function rowOf(pid: number): Row | null {
  const info = readProcess(pid);
  if (info !== undefined) return info;
  return { pid, unread: isOthers(pid) ? 'others' : 'own' };
}

/** A system may hide what other users' processes are (hidepid); none of them is an agent of ours. */
function isOthers(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid !== process.getuid?.();
  } catch {
    return false;
  }
}

function fromPs(): Row[] | null {
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
    if (match === null) return [];
    const pid = Number(match[1]);
    return parsePs(pid, match[2] ?? '') ?? { pid, unread: 'own' as const };
  });
}
