import { spawnSync } from 'node:child_process';
import { LIST_PROGRAMS, NO_PROGRAMS, startsPrograms, switchedOff } from '../git/programs.ts';

/** What one run of git came to. Whatever is no clear answer is `unknown`: it never counts as "none" or "no". */
export type GitAnswer =
  | { kind: 'ok'; out: string }
  /** git ended by itself with this exit code. */
  | { kind: 'no'; code: number; why: string }
  | { kind: 'unknown'; why: string };

export interface GitOptions {
  timeoutMs?: number;
  input?: string;
  encoding?: 'utf8' | 'latin1';
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 128 * 1024 * 1024;

/** No paths expanded as patterns, no history that `git replace` made up. */
const ALWAYS = [
  ...NO_PROGRAMS,
  '--literal-pathspecs',
  '--no-replace-objects',
  ...['-c', 'status.showUntrackedFiles=all'],
];

/**
 * Runs git in `cwd`, without the `GIT_*` variables of whoever calls, bounded, and ended by SIGKILL when it is late. No program
 * that the repository names is run, and nothing is fetched: a transport is such a program.
 */
export function git(cwd: string, args: readonly string[], options: GitOptions = {}): GitAnswer {
  if (!startsPrograms(args)) return run(cwd, args, options);
  // A worktree that goes has a configuration of its own.
  const places = args[1] === 'remove' ? [cwd, args.at(-1) ?? cwd] : [cwd];
  let listed = '';
  for (const place of places) {
    const programs = run(place, LIST_PROGRAMS, {});
    if (programs.kind === 'unknown') return programs;
    if (programs.kind === 'no' && programs.code !== 1) return programs;
    if (programs.kind === 'ok') listed += programs.out;
  }
  return run(cwd, args, options, switchedOff(listed));
}

function run(
  cwd: string,
  args: readonly string[],
  options: GitOptions,
  more: Record<string, string> = {},
): GitAnswer {
  const { timeoutMs = TIMEOUT_MS, input, encoding = 'utf8' } = options;
  const ran = spawnSync('git', [...ALWAYS, ...args], {
    cwd,
    encoding,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_BYTES,
    env: { ...withoutGit(process.env), ...OFFLINE, ...CALM, ...more },
    ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
  });
  const what = `git ${args[0]}`;
  if (ran.error) {
    const timedOut = 'code' in ran.error && ran.error.code === 'ETIMEDOUT';
    const why = timedOut ? `gave no answer in ${timeoutMs / 1000} s` : ran.error.message;
    return { kind: 'unknown', why: `${what}: ${why}` };
  }
  if (ran.status === null) return { kind: 'unknown', why: `${what}: ended by ${ran.signal}` };
  if (ran.status === 0) return { kind: 'ok', out: ran.stdout };
  const [line = ''] = ran.stderr.trim().split('\n');
  return { kind: 'no', code: ran.status, why: `${what}: ${line || `exit code ${ran.status}`}` };
}

const OFFLINE = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' };
const CALM = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };

function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));
}
