import { execFileSync } from 'node:child_process';
import type { Scratch } from './scratch.ts';

export const isRoot = process.getuid?.() === 0;

const NOBODY = 65534;

/** Has another user own everything in a scratch, where this is root, whom no limit and no mode holds. */
export function giveAway({ root }: Scratch): void {
  if (isRoot) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, root]);
}

/** The words before a command that run it as that user. */
export function asNobody(): string[] {
  if (!isRoot) return [];
  return ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
}

/** The words before a command that run it without a single process to spare. */
export function withoutForks(): string[] {
  return ['prlimit', '--nproc=0', ...asNobody()];
}

/** The words before a command that leave it `most` descriptors. */
export function withDescriptors(most: number): string[] {
  return ['prlimit', `--nofile=${most}`];
}

/** The words before a command that leave `/dev` empty for good; only root may. */
export function withoutDevices(): string[] {
  return ['unshare', '-m', 'sh', '-c', `'mount -t tmpfs -o ro none /dev && exec "$@"'`, 'sh'];
}
