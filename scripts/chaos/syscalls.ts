import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

/** The calls that are struck: files, directories, processes, sockets. Not those by which Node gets memory or waits. */
const CALLS =
  'openat,read,pread64,write,pwrite64,writev,close,fsync,fdatasync,ftruncate,fstat,newfstatat,statx,lstat,' +
  'readlink,readlinkat,getdents64,mkdir,rmdir,link,linkat,symlink,unlink,unlinkat,rename,renameat,renameat2,chmod,' +
  'fchmod,fchmodat,fchown,lchown,utimensat,access,faccessat2,getcwd,clone,clone3,vfork,pipe2,socket,connect,' +
  'socketpair,sendfile,copy_file_range,flock';

/** Calls that change nothing: a kill there leaves the same as at the next one that does. */
const READS = new Set(
  'read,pread64,fstat,newfstatat,statx,lstat,readlink,readlinkat,getdents64,access,faccessat2,getcwd'.split(
    ',',
  ),
);

/** What each call can really fail with. */
const ERRORS: Readonly<Record<string, readonly string[]>> = {
  openat: ['ENOSPC', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EROFS', 'EACCES', 'EDQUOT'],
  read: ['EIO'],
  pread64: ['EIO'],
  write: ['ENOSPC', 'EIO', 'EDQUOT'],
  pwrite64: ['ENOSPC', 'EIO', 'EDQUOT'],
  writev: ['ENOSPC', 'EIO', 'EDQUOT'],
  close: ['EIO'],
  fsync: ['EIO', 'ENOSPC', 'EDQUOT'],
  fdatasync: ['EIO', 'ENOSPC'],
  getdents64: ['EIO', 'ENOMEM'],
  clone: ['EAGAIN', 'ENOMEM'],
  clone3: ['EAGAIN', 'ENOMEM'],
  vfork: ['EAGAIN', 'ENOMEM'],
  pipe2: ['EMFILE', 'ENFILE'],
  socket: ['EMFILE', 'ENOMEM'],
  socketpair: ['EMFILE', 'ENOMEM'],
  connect: ['EACCES', 'EIO'],
};
const CHANGE_ERRORS = ['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EDQUOT', 'ENOMEM'];
const LOOK_ERRORS = ['EIO', 'EACCES', 'ENOMEM'];

/** One system call of a program: the how manieth of its kind. */
export interface Point {
  call: string;
  nth: number;
  /** It can change what is on disk. */
  changes: boolean;
}

export const hasStrace = (): boolean =>
  spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/** The words that run a program under strace, which writes down what it calls. */
export function tracing(trace: string): string {
  return `strace -qq -y -s 0 -o '${trace}' -e trace=${CALLS}`;
}

/** The words that run a program so that it meets a fault at one call; `trace` tells where it was met. */
export function striking({ call, nth }: Point, fault: string, trace: string): string {
  return `strace -qq -y -s 0 -o '${trace}' -e trace=${call} -e inject=${call}:${fault}:when=${nth}`;
}

/** False when the error hit something of Node's own: the calls before it differ a little from run to run. */
export function hitOurs(trace: string, root: string): boolean {
  const hit = readFileSync(trace, 'utf8')
    .split('\n')
    .find((line) => line.includes('INJECTED'));
  return hit !== undefined && isTold(hit, root);
}

/** What can happen at a call. */
export function errorsAt({ call }: Point): readonly string[] {
  return ERRORS[call] ?? (READS.has(call) ? LOOK_ERRORS : CHANGE_ERRORS);
}

/**
 * The calls of a trace that touch something of ours, start a process or speak: what Node needs for itself, its own
 * start, its modules and its threads, is not struck.
 */
export function pointsIn(trace: string, root: string): Point[] {
  const seen = new Map<string, number>();
  let isStarted = false;
  return readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const call = /^(\w+)\(/.exec(line)?.[1];
      if (call === undefined) return [];
      const nth = (seen.get(call) ?? 0) + 1;
      seen.set(call, nth);
      const isOurs = names(line, root);
      isStarted ||= isOurs;
      if (!isOurs && !(isStarted && isTold(line, root))) return [];
      const reads = READS.has(call) || (call === 'openat' && !/O_CREAT|O_WRONLY|O_RDWR/.test(line));
      return [{ call, nth, changes: !reads }];
    });
}

/** True for a call that names something of ours, starts a process, or reads or writes what a host or person sees. */
function isTold(line: string, root: string): boolean {
  return names(line, root) || /^(read\(0|write\([12])</.test(line) || STARTS.test(line);
}

/** The directory that a call is made in says nothing about what it names. */
function names(line: string, root: string): boolean {
  return line.replace(/AT_FDCWD<[^>]*>/, '').includes(`${root}/`);
}

/** How a process is started and spoken to; without SIGCHLD it is a thread of Node's own. */
const STARTS = /^(vfork|pipe2|socketpair|socket|connect)\(|^clone3?\(.*SIGCHLD/;

/** Makes the recorded Node of a world one that is started through `wrapper` and with `options`; undoes it with neither. */
export function wrapNode(
  { root, data, uid }: World,
  wrapper: string | null,
  options: string | null = null,
): void {
  const script = join(root, 'node');
  const isWrapped = wrapper !== null || options !== null;
  rmSync(script, { force: true });
  if (isWrapped) {
    const line = `exec ${wrapper ?? ''} '${process.execPath}' ${options ?? ''} "$@"`;
    writeFileSync(script, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }
  writeFileSync(join(data, 'node'), `${isWrapped ? script : process.execPath}\n`);
  if (uid !== undefined) spawnSync('chown', [String(uid), join(data, 'node')]);
}
