import { LIST_PROGRAMS, NO_PROGRAMS, startsPrograms, switchedOff } from '../../git/programs.ts';
import { runBounded } from './run-bounded.ts';

/** More than the status of any working tree that a person works in. */
const MAX_BYTES = 4 * 1024 * 1024;

const ALWAYS = [...NO_PROGRAMS, '-c', 'log.follow=false'];

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

/** No program that the repository names is run, and nothing is written, not even the index. */
export function gitIn(checkout: string, deadline: number): Git {
  const plain = { ...cleanEnv(process.env), ...OFFLINE };
  const start = (until: number, args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    runBounded('git', [...ALWAYS, ...args], {
      cwd: checkout,
      env: { ...plain, ...more },
      timeoutMs: Math.min(until, deadline) - Date.now(),
      maxBytes: MAX_BYTES,
    });
  const run = async (until: number, args: readonly string[]) => {
    if (!startsPrograms(args)) return start(until, args);
    const listed = await start(until, LIST_PROGRAMS);
    // Exit code 1: there are none.
    if (listed.kind === 'failed' || listed.code > 1) return listed;
    return start(until, args, switchedOff(listed.stdout.toString()));
  };
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

/** A transport, which a partial clone would use, is a program that the repository names. */
const OFFLINE = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' };

/** A hook started by git inherits its variables, which would point git elsewhere. */
export function cleanEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}
