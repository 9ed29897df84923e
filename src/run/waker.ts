import { spawn } from 'node:child_process';

/** Sets `s` to the state of a process, as ps(1) names it; to nothing when it is gone. */
const STATE = 'state() { s=$(sed "s/.*) //" "/proc/$1/stat" || ps -o state= -p "$1"); }';
const WAIT = 'while state "$1"; case $s in T*) ;; *) false ;; esac; do sleep 1; done';
const WAKE = 'state "$2"; case $s in T*) kill -CONT "$2" ;; esac';

/**
 * Continues this process, which is about to stop because its command was stopped, as soon as that goes on or ends. The
 * shell that has both as a job continues both; who has only the command by its pid continues that alone.
 */
export function callWaker(command: number): void {
  const script = `exec 2>/dev/null; ${STATE}; ${WAIT}; ${WAKE}`;
  const pids = [command, process.pid].map(String);
  spawn('/bin/sh', ['-c', script, 'stopgate', ...pids], { stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}
