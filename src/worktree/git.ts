import { spawnSync } from 'node:child_process';

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
  /** Lets git fetch what a partial clone lacks; otherwise no transport may run. */
  network?: boolean;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 128 * 1024 * 1024;

/** No locks taken, no paths expanded as patterns, no history that `git replace` made up, no program of a person's asked. */
const ALWAYS = [
  '--no-optional-locks',
  '--literal-pathspecs',
  '--no-replace-objects',
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'status.showUntrackedFiles=all'],
];

/** Runs git in `cwd`, without the `GIT_*` variables of whoever calls, bounded, and ended by SIGKILL when it is late. */
export function git(cwd: string, args: readonly string[], options: GitOptions = {}): GitAnswer {
  const { timeoutMs = TIMEOUT_MS, input, encoding = 'utf8', network = false } = options;
  const ran = spawnSync('git', [...ALWAYS, ...args], {
    cwd,
    encoding,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_BYTES,
    env: { ...withoutGit(process.env), ...(network ? {} : OFFLINE), ...CALM },
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
