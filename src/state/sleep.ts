const cell = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread for `ms` milliseconds, without a busy loop. */
export function sleepSync(ms: number): void {
  Atomics.wait(cell, 0, 0, ms);
}

/** Milliseconds of a clock that nobody can set, for measuring how long something took. */
export function elapsedMs(): number {
  return process.uptime() * 1000;
}
