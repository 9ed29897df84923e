/** Milliseconds by step, for the log. */
export interface Stopwatch {
  steps: Record<string, number>;
  time<T>(step: string, work: () => T): T;
  timeAsync<T>(step: string, work: () => Promise<T>): Promise<T>;
}

export function stopwatch(): Stopwatch {
  const steps: Record<string, number> = {};
  return {
    steps,
    time(step, work) {
      const started = Date.now();
      try {
        return work();
      } finally {
        steps[step] = Date.now() - started;
      }
    },
    async timeAsync(step, work) {
      const started = Date.now();
      try {
        return await work();
      } finally {
        steps[step] = Date.now() - started;
      }
    },
  };
}
