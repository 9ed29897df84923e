import { readFileSync, readlinkSync } from 'node:fs';
import { isGone, parseProcStat } from './process.ts';

/**
 * The PID namespace in which a pid means a process: its inode, and the start of its first process, because inodes are
 * reused. `null`: this system has no namespaces.
 */
export type Namespace = string | null;

/** What stands for a namespace that cannot be told; no stamp holds it. */
export const UNKNOWN_NAMESPACE = 'unknown';

/**
 * The namespace that a machine starts with (PROC_PID_INIT_INO). It lives as long as the kernel does, so its name holds
 * no start: after a reboot it is the same one, and the boot id in a process's start tells that the process is gone.
 */
export const INITIAL_NAMESPACE = '4026531836';

let own: { name: Namespace } | undefined;

/** The namespace of this process, looked up once. */
export function ownNamespace(): Namespace {
  own ??= { name: process.platform === 'linux' ? lookUp() : null };
  return own.name;
}

/** What a stamp says of the namespace that its pids count in. */
export function stampedNamespace(): { namespace?: string } {
  const namespace = ownNamespace();
  return namespace === null || namespace === UNKNOWN_NAMESPACE ? {} : { namespace };
}

function lookUp(): Namespace {
  if (!isProcOurs()) return UNKNOWN_NAMESPACE;
  try {
    const [, inode] = /^pid:\[(\d+)\]$/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
    if (inode === undefined) return UNKNOWN_NAMESPACE;
    if (inode === INITIAL_NAMESPACE) return inode;
    return `${inode}:${startOfFirst()}`;
  } catch (error) {
    // A kernel that was built without namespaces has no such file.
    return isGone(error) ? null : UNKNOWN_NAMESPACE;
  }
}

/** The clock ticks at which the namespace's first process began; nothing where it is hidden. */
function startOfFirst(): string {
  try {
    return parseProcStat(readFileSync('/proc/1/stat', 'utf8'), '')?.start.slice(1) ?? '';
  } catch {
    return '';
  }
}

let ours: boolean | undefined;

/** False where /proc shows another namespace (`unshare --pid` without a /proc of its own): there our pids are others'. */
export function isProcOurs(): boolean {
  ours ??= readSelf() === String(process.pid);
  return ours;
}

function readSelf(): string | null {
  try {
    return readlinkSync('/proc/self');
  } catch {
    return null;
  }
}
