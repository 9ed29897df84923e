import type { Installed } from './package.ts';
import type { Random } from './random.ts';
import type { World, WorldOptions } from './world.ts';

/** One way to hurt stopgate. Each lives in a file of its own below attacks/. */
export interface Attack {
  readonly name: string;
  /** What it does, for the table and the page. */
  readonly title: string;
  /** Its share of the minutes. */
  readonly weight: number;
  /** Part of the short form that CI runs. */
  readonly short: boolean;
  /** Why it cannot run on this machine, or null. */
  readonly missing?: () => string | null;
  run(run: Run): Promise<void>;
}

/** What was found, with what plays it again. */
export interface Defect {
  readonly attack: string;
  /** What went wrong, in words that are the same for each case of it. */
  readonly what: string;
  readonly case: string;
  readonly detail: string;
  times: number;
}

/** One run of an attack. */
export interface Run {
  readonly installed: Installed;
  readonly seed: number;
  readonly short: boolean;
  /** Only the cases whose name holds this. */
  readonly only: string | null;
  readonly lanes: number;
  random(...words: (string | number)[]): Random;
  /** True once the attack's minutes are over. */
  isOver(): boolean;
  world(options?: WorldOptions): Promise<World>;
  /** Counts something that was tried or seen. */
  count(what: string, times?: number): void;
  defect(what: string, name: string, detail: string): void;
}
