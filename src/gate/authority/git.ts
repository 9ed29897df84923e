import { runBounded } from './run-bounded.ts';

/** More than the status of any working tree that a person works in. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Nothing that a repository configures runs, and nothing is written, not even the index. */
const HARMLESS = [
  '--no-optional-locks',
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'log.showSignature=false',
  '-c',
  'log.follow=false',
];

/** What git printed, cut where the time was over: `whole` tells. */
export interface GitOutput {
  text: string;
  whole: boolean;
}

/** Asks git about one working tree until a deadline (in milliseconds of the clock). */
export interface Git {
  /** @throws Error when it did not end well in time. */
  ask(...args: string[]): Promise<string>;
  /** What came in time, even when that is not all. */
  askUntil(deadline: number, ...args: string[]): Promise<GitOutput>;
}

export function gitIn(checkout: string, deadline: number): Git {
  const env = cleanEnv(process.env);
  const run = (until: number, args: readonly string[]) =>
    runBounded('git', [...HARMLESS, ...args], {
      cwd: checkout,
      env,
      timeoutMs: Math.min(until, deadline) - Date.now(),
      maxBytes: MAX_BYTES,
    });
  return {
    async ask(...args) {
      const ran = await run(deadline, args);
      if (ran.kind === 'failed') throw new Error(`git ${args[0]}: ${ran.why}`);
      if (ran.code !== 0) throw new Error(`git ${args[0]}: exit code ${ran.code}`);
      return ran.stdout.toString();
    },
    async askUntil(until, ...args) {
      const ran = await run(until, args);
      return { text: ran.stdout.toString(), whole: ran.kind === 'ended' && ran.code === 0 };
    },
  };
}

/** A hook started by git inherits its variables, which would point git elsewhere. */
export function cleanEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}
