import type { Run } from './attack.ts';
import { shuffled } from './random.ts';

/** Something to be tried; its name is enough to find it again. */
export interface Case {
  readonly name: string;
}

export interface CasesOptions<C extends Case, P> {
  cases: readonly C[];
  /** How many of them the short form takes. */
  short: number;
  /** What a lane works in; made once for each. */
  place: (lane: number) => Promise<P>;
  done: (place: P) => Promise<void>;
  work: (one: C, place: P) => Promise<void>;
}

/**
 * Tries the cases in an order that the seed decides, several at once, until all were tried or the time is over. What a
 * case throws is a defect: of the case, or of the attack itself.
 */
export async function tryCases<C extends Case, P>(
  run: Run,
  { cases, short, place, done, work }: CasesOptions<C, P>,
): Promise<void> {
  const { only } = run;
  const wanted = only === null ? cases : cases.filter(({ name }) => name.includes(only));
  const order = shuffled(wanted, run.random('order'));
  const todo = run.short ? order.slice(0, short) : order;
  run.count('cases there are', cases.length);
  const lanes = Array.from({ length: Math.min(run.lanes, todo.length) }, async (_, lane) => {
    const here = await place(lane);
    try {
      for (let one = todo.shift(); one !== undefined && !run.isOver(); one = todo.shift()) {
        run.count('tried');
        try {
          await work(one, here);
        } catch (error) {
          run.defect('the attack broke off', one.name, String((error as Error).stack ?? error));
        }
      }
    } finally {
      await done(here);
    }
  });
  await Promise.all(lanes);
}
