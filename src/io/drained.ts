import type { ChildProcess } from 'node:child_process';

/**
 * Resolves when a program that has ended closed its output, at the latest after `ms`: what it left running may hold the
 * output open for ever. What was written by then is read first: on a busy machine this process may come late, and a
 * timer that is due comes before what is there to be read.
 */
export function drained(child: ChildProcess, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => setImmediate(resolve), ms);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
