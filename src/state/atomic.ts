import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { assertHeld } from './held.ts';

/**
 * Replaces what `path` holds by `content` so that a reader, a crash or a power cut sees the old bytes or the new, never less.
 * Our own, because the hooks write with it: write-file-atomic loads node:crypto and worker_threads, a fifth of a hook's
 * whole time (docs/benchmarks.md). Where a lock that the running work needs was taken over, nothing is replaced (held.ts).
 */
export function writeAtomic(path: string, content: string | Uint8Array, mode = 0o600): void {
  const dir = dirname(path);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  try {
    writeDurably(fresh, content, mode, (fd) => fchmodSync(fd, mode));
    assertHeld();
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    // A write says what went wrong, but not where.
    if (error instanceof Error && !('path' in error)) Object.assign(error, { path });
    throw error;
  }
  syncDirectory(dir);
}

/** Writes a file that is not there yet; `own` gives it owner and mode before it is made durable. */
export function writeDurably(
  path: string,
  content: string | Uint8Array,
  mode: number,
  own: (fd: number) => void,
): void {
  const fd = openSync(path, 'wx', mode);
  try {
    writeFileSync(fd, content);
    own(fd);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes a small file of ours where it is, without waiting for the disk: for what may be lost with the power. A link in
 * its place is not followed, and a pipe is not waited for. @throws what the system says of it.
 */
export function writeQuickly(path: string, content: string): void {
  assertHeld();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    writeFileSync(fd, content);
  } finally {
    closeSync(fd);
  }
}

/** Makes a rename or an unlink in `dir` durable. */
export function syncDirectory(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
