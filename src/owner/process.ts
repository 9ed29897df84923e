import { readFileSync } from 'node:fs';
import {
  INITIAL_NAMESPACE,
  isProcOurs,
  type Namespace,
  ownNamespace,
  stampedNamespace,
  UNKNOWN_NAMESPACE,
} from './namespace.ts';

/** One process, named so that a reused pid is another process. `start` is opaque: compare it only for equality. */
export type AgentProcess = {
  pid: number;
  start: string;
  /** The PID namespace that `pid` counts in; missing where there are none, and in what stopgate 0.1 wrote. */
  namespace?: string | undefined;
};

/** A row of the process table. `state` is the one-letter state of ps(1). */
export interface ProcessInfo extends AgentProcess {
  ppid: number;
  state: string;
  name: string;
}

export type Liveness = 'alive' | 'dead' | 'unknown';

/** Reads one process, or `null` when there is none, or `undefined` when that cannot be told. */
export type ReadProcess = (pid: number) => ProcessInfo | null | undefined;

/**
 * Tells whether the very process of a stamp is still there; a zombie is dead (docs/hosts.md, Ending an interactive one).
 * A process of another PID namespace cannot be seen, so nothing is known of it. A stamp whose start could not be read
 * names whatever has the pid, and proves nothing while something has it.
 */
export function livenessOf(
  stamp: AgentProcess | null,
  read: ReadProcess = readProcess,
  here: Namespace = ownNamespace(),
): Liveness {
  if (stamp === null || !isVisible(stamp, here)) return 'unknown';
  const info = read(stamp.pid);
  if (info === undefined) return 'unknown';
  if (info === null) return 'dead';
  if (stamp.start === '') return 'unknown';
  if (info.start !== stamp.start) return 'dead';
  return /^[ZX]/.test(info.state) ? 'dead' : 'alive';
}

/** True where a stamp's pid means the same process here as it did where it was written. */
export function isVisible(
  { namespace, start }: AgentProcess,
  here: Namespace = ownNamespace(),
): boolean {
  if (here === UNKNOWN_NAMESPACE) return false;
  if (here === null) return namespace === undefined;
  if (namespace !== undefined) return namespace === here;
  // stopgate 0.1 wrote no namespace. What ran before this machine was started is gone, wherever it ran.
  return here === INITIAL_NAMESPACE && isOfEarlierBoot(start);
}

/** True for the same process: pid and start are equal, and so are the namespaces where both are known. */
export function sameProcess(
  a: AgentProcess | null | undefined,
  b: AgentProcess | null | undefined,
): boolean {
  if (!a || !b || a.pid !== b.pid || a.start !== b.start) return false;
  return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}

/** What of a process is written into a stamp. */
export function processStamp({ pid, start, namespace }: AgentProcess): AgentProcess {
  return namespace === undefined ? { pid, start } : { pid, start, namespace };
}

/** False only for what is proven to have ended. */
export function mayBeAlive(stamp: AgentProcess): boolean {
  return livenessOf(stamp) !== 'dead';
}

/** The processes above `pid`, nearest first, at most 64. */
export function ancestors(pid: number, read: ReadProcess = readProcess): ProcessInfo[] {
  if (ownAncestors !== null && pid === process.pid && read === readProcess) return ownAncestors;
  const chain: ProcessInfo[] = [];
  let next = read(pid)?.ppid ?? 0;
  while (next > 0 && chain.length < 64) {
    const info = read(next);
    if (!info) break;
    chain.push(info);
    next = info.ppid;
  }
  return chain;
}

let ownAncestors: ProcessInfo[] | null = null;

/** Keeps the processes above this one as they are now: for a hook, which lives too briefly for them to change. */
export function keepAncestors(): void {
  ownAncestors = ancestors(process.pid);
}

export const readProcess: ReadProcess = process.platform === 'linux' ? readLinux : readPs;

let bootId: string | undefined;

function readLinux(pid: number): ProcessInfo | null | undefined {
  const boot = thisBoot();
  if (boot === null || !isProcOurs()) return undefined;
  try {
    const info = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), boot);
    return info && { ...info, ...stampedNamespace() };
  } catch (error) {
    return isGone(error) ? null : undefined;
  }
}

/** `null` where /proc is shown without it, as a sandbox may do: then no process can be named. */
function thisBoot(): string | null {
  try {
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return bootId;
  } catch {
    return null;
  }
}

function isOfEarlierBoot(start: string): boolean {
  const boot = thisBoot();
  return boot !== null && start !== '' && !start.startsWith(`${boot}:`);
}

/** What /proc says of a process that is not there, or not any more. */
export function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ESRCH';
}

/** Parses `/proc/PID/stat`; comm may hold spaces and parentheses (docs/hosts.md, tmux). */
export function parseProcStat(stat: string, boot: string): ProcessInfo | undefined {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const [state, ppid] = fields;
  const ticks = fields[19];
  if (open < 1 || close < open || !state || !ppid || !ticks) return undefined;
  return {
    pid: Number(stat.slice(0, open)),
    start: `${boot}:${ticks}`,
    ppid: Number(ppid),
    state,
    name: stat.slice(open + 1, close),
  };
}

function readPs(pid: number): ProcessInfo | null | undefined {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const args = ['-o', 'ppid=,state=,lstart=,comm=', '-p', String(pid)];
  const ps = spawnSync('ps', args, {
    encoding: 'utf8',
    timeout: 250,
    killSignal: 'SIGKILL',
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
  if (ps.error || ps.signal) return undefined;
  if (ps.status === 0) return parsePs(pid, ps.stdout);
  // It says nothing of a process that is not there, and why it could not look.
  return ps.status === 1 && ps.stderr === '' ? null : undefined;
}

/** Parses a line of `ps -o ppid=,state=,lstart=,comm=` (macOS and other systems without /proc). */
export function parsePs(pid: number, line: string): ProcessInfo | undefined {
  const match = /^\s*(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})\s+(.*\S)\s*$/.exec(
    line,
  );
  if (!match) return undefined;
  const [, ppid = '', state = '', lstart = '', comm = ''] = match;
  const name = comm.slice(comm.lastIndexOf('/') + 1);
  return { pid, start: lstart.replace(/\s+/g, ' '), ppid: Number(ppid), state, name };
}
