import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { errnoOf } from '../../errors.ts';
import { ancestors, readProcess } from '../../owner/process.ts';
import { type Fact, known, unknown } from '../fact.ts';

/** A process whose working directory lies in a worktree. */
export interface User {
  pid: number;
  name: string;
  cwd: string;
  /** It is the one that asks, or an ancestor of it. */
  caller: boolean;
}

/** Every process of this person's with its working directory at or below `top`. Other users' cannot be looked at. */
export function usersOf(top: string): Fact<User[]> {
  const found = process.platform === 'linux' ? sweepProc(top) : askLsof(top);
  if (!found.known) return found;
  const own = new Set([process.pid, ...ancestors(process.pid, readProcess).map(({ pid }) => pid)]);
  return known(found.value.map((user) => ({ ...user, caller: own.has(user.pid) })));
}

/** True when `path` is `top` or lies below it. Both are real paths. */
export function isWithin(top: string, path: string): boolean {
  const way = relative(top, path);
  return way !== '..' && !way.startsWith('../');
}

type Found = Omit<User, 'caller'>;

function sweepProc(top: string): Fact<Found[]> {
  const users: Found[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const cwd = cwdOf(name);
    if (!cwd.known) return cwd;
    if (cwd.value === null || !isWithin(top, cwd.value)) continue;
    users.push({ pid: Number(name), name: nameOf(name), cwd: cwd.value });
  }
  return known(users);
}

/** `null`: the process is gone, a zombie, or another user's. */
function cwdOf(pid: string): Fact<string | null> {
  try {
    return known(readlinkSync(`/proc/${pid}/cwd`));
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') return known(null);
    if (isOthers(pid)) return known(null);
    return unknown(`the working directory of process ${pid} cannot be read (${code})`);
  }
}

/** The first process is the system's: where it may not be looked at, it is no agent and no shell. */
function isOthers(pid: string): boolean {
  if (pid === '1') return true;
  const stat = statSync(`/proc/${pid}`, { throwIfNoEntry: false });
  return stat === undefined || stat.uid !== process.getuid?.();
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

function askLsof(top: string): Fact<Found[]> {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const lsof = spawnSync('lsof', ['-w', '-d', 'cwd', '-F', 'pcn'], {
    encoding: 'utf8',
    timeout: 10_000,
    killSignal: 'SIGKILL',
    maxBuffer: 16 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (lsof.error || lsof.signal || lsof.stdout === '') {
    return unknown('lsof, which knows the working directories of processes, gave no answer');
  }
  return known(parseLsof(lsof.stdout).filter(({ cwd }) => isWithin(top, cwd)));
}

/** Parses `lsof -d cwd -F pcn`: a line each for pid, command and working directory. */
export function parseLsof(stdout: string): Found[] {
  const users: Found[] = [];
  let pid = 0;
  let name = '';
  for (const line of stdout.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('c')) name = value;
    else if (line.startsWith('n')) users.push({ pid, name, cwd: value });
  }
  return users;
}
