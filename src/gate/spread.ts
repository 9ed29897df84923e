/** How a set of times lies: each percentile is one of the times (nearest rank). */
export interface Spread {
  count: number;
  p50: number;
  p95: number;
  max: number;
}

/** `null` for no time at all. */
export function spreadOf(times: readonly number[]): Spread | null {
  const sorted = [...times].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [p50, p95, max] = [rank(0.5), rank(0.95), sorted.at(-1)];
  if (p50 === undefined || p95 === undefined || max === undefined) return null;
  return { count: sorted.length, p50, p95, max };
}
