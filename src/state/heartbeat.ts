import type { HeldLock } from './held.ts';

/** How often the holder of a lock for long work shows that it is there. */
const BEAT_MS = 10_000;

/**
 * Writes to a lock every ten seconds, from a thread of its own, because the work may block this one. Returns what ends
 * that. The thread has the file open itself: it writes to this very lock, wherever it is moved, and to nothing else.
 */
export function startHeartbeat({ path, text }: HeldLock, ms = BEAT_MS): () => void {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const worker = new Worker(BEAT, { eval: true, workerData: { path, text, ms } });
  worker.on('error', () => undefined);
  worker.unref();
  return () => void worker.terminate();
}

/** The first byte is written over with itself: the text stays, and the file system keeps the time. */
const BEAT = `
const { workerData: { path, text, ms } } = require('node:worker_threads');
const { openSync, readFileSync, writeSync } = require('node:fs');
const fd = openSync(path, 'r+');
if (readFileSync(fd, 'utf8') === text) setInterval(() => writeSync(fd, text.slice(0, 1), 0), ms);
`;
