import { readFileSync } from 'node:fs';
import { type AgentProcess, isGone, type ProcessInfo } from './process.ts';

const SHELLS = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'fish',
  'ksh',
  'busybox',
  'env',
  'timeout',
  'nohup',
  // Our own launcher, a shell script.
  'stopgate-hook',
]);

/** Programs that start a host and wait for it. */
const STARTERS = new Set(['node', 'MainThread', 'bun']);

/** What starts a shell for a person, or anybody's program. */
const NO_AGENT = /^(tmux|screen|login|sshd|su|sudo|systemd|init|npm)\b/;

/** The host's process among `chain` (nearest first), or `null` when no process of it proves anything. */
export function claudeAgent(chain: ProcessInfo[], claudePid: number | null): AgentProcess | null {
  return pick(chain.find((info) => info.pid === claudePid) ?? nearestProgram(chain));
}

/**
 * As {@link claudeAgent}, for Codex. In the shared daemon the answer is `null`: the daemon runs the hooks of
 * every session (docs/hosts.md, The shared daemon).
 */
export function codexAgent(chain: ProcessInfo[]): AgentProcess | null {
  if (runsInDaemon(chain)) return null;
  return pick(chain.find((info) => info.name === 'codex') ?? nearestProgram(chain));
}

/**
 * True when an ancestor is the daemon that all of a person's interactive Codex sessions share, or a Codex that cannot be
 * told from it: what is taken for one session's process would speak for every session.
 */
export function runsInDaemon(chain: ProcessInfo[], commandLine = commandLineOf): boolean {
  return chain.some(({ pid, name }) => {
    const words = commandLine(pid);
    return words === null ? name.startsWith('codex') : words.includes(DAEMON);
  });
}

const DAEMON = '--managed-daemon';

/** The daemon among the ancestors; `null` when none is known to be it. */
export function daemonOf(chain: ProcessInfo[], commandLine = commandLineOf): ProcessInfo | null {
  return chain.find(({ pid }) => commandLine(pid)?.includes(DAEMON)) ?? null;
}

/** True for the program that npm puts before a host: `node …/bin/codex`. */
export function isHostStarter({ pid, name }: ProcessInfo): boolean {
  if (!STARTERS.has(name)) return false;
  const [, script = ''] = commandLineOf(pid) ?? [];
  return /(^|\/)(codex|claude)(\.[cm]?js)?$/.test(script);
}

/** True for the name of a shell, or of a program that only starts another. A login shell's begins with a dash. */
export function isShell(name: string): boolean {
  return SHELLS.has(name.replace(/^-/, ''));
}

/** True for what starts other programs and is no host itself. */
export function isLauncher(name: string): boolean {
  return isShell(name) || STARTERS.has(name) || name.startsWith('npm exec');
}

function nearestProgram(chain: ProcessInfo[]): ProcessInfo | undefined {
  const nearest = chain.find(({ name }) => !isShell(name));
  return nearest && nearest.pid > 1 && !NO_AGENT.test(nearest.name) ? nearest : undefined;
}

function pick(info: ProcessInfo | undefined): AgentProcess | null {
  return info ? { pid: info.pid, start: info.start } : null;
}

/** The arguments of a process, one element each; none when it is gone, `null` when they cannot be read. */
export function commandLineOf(pid: number): string[] | null {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch (error) {
      return isGone(error) ? [] : null;
    }
  }
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const ps = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 250,
    killSignal: 'SIGKILL',
  });
  if (ps.error || ps.signal || (ps.status !== 0 && ps.stderr !== '')) return null;
  return ps.stdout.trim().split(/\s+/);
}
