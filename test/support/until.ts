/** Waits until `found` gives something, or fails naming what was waited for. */
export async function until<T>(
  what: string,
  found: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  ms = 10_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await found();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`expected ${what} within ${ms} ms`);
    await new Promise((done) => setTimeout(done, 15));
  }
}
