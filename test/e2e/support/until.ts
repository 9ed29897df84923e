/** Waits until the condition holds, or fails naming what it waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 30,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`expected ${what} within ${seconds} s`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
