import { readFileSync } from 'node:fs';
import { commandLineOf } from '../owner/command-line.ts';
import { type ProcessInfo, readProcess } from '../owner/process.ts';
import { isShell } from '../owner/wrapper.ts';
import type { Call } from './same-event.ts';

/** Where a call comes from, and when it began and is written down. */
export type Origin = Pick<Call, 'agent' | 'boot' | 'pid' | 'since' | 'at'>;

type Env = Readonly<Record<string, string | undefined>>;

const readsTicks = process.platform === 'linux';

/**
 * Tells this call's origin from the processes above it, in clock ticks since boot; where there are none (no /proc), from
 * Node's own start, on a clock that all processes share. Then the shell's start before Node is not counted.
 */
export function originOf(chain: readonly ProcessInfo[], env: Env = process.env): Origin {
  const host = chain.findIndex((info) => !isOfCall(info));
  const first = readsTicks ? (chain[host - 1] ?? readProcess(process.pid)) : null;
  if (!first) return originWithoutTable(env);
  const agent = env.CLAUDE_PID || String(agentAmong(chain.slice(host))?.pid ?? '');
  return { agent, boot: bootIn(first), pid: first.pid, since: ticksIn(first), at: ticksNow() };
}

/** The time of boot, to the minute, tells one boot from another; a clock that is set meanwhile makes it another one. */
export function originWithoutTable(env: Env): Origin {
  const sinceBoot = Number(process.hrtime.bigint() / 1_000_000n);
  const boot = `at-${Math.round((Date.now() - sinceBoot) / 60_000)}`;
  const at = Math.floor(sinceBoot / 10);
  const since = at - Math.floor(process.uptime() * 100);
  return { agent: env.CLAUDE_PID ?? '', boot, pid: process.pid, since, at };
}

/** True while the first process of a call is still there. */
export function isRunning({ pid, since, boot }: Origin): boolean {
  const info = readsTicks ? readProcess(pid) : null;
  if (!info || info.state === 'Z' || info.state === 'X') return false;
  return ticksIn(info) === since && bootIn(info) === boot;
}

/** True for the launcher, the shell that a host starts it with, and what bounds Node in time for it. */
function isOfCall({ pid, name }: ProcessInfo): boolean {
  const mark = name === 'timeout' ? /stopgate-hook|\/bin\/\.\.\/current\// : /stopgate-hook/;
  return isShell(name) && commandLineOf(pid)?.some((word) => mark.test(word)) === true;
}

/** The Codex above a person's own program, else the host itself; Claude Code names its process in the environment. */
function agentAmong(chain: readonly ProcessInfo[]): ProcessInfo | undefined {
  return chain.find(({ name }) => name === 'codex') ?? chain[0];
}

/** As much of the boot's id as tells it from another one. */
function bootIn({ start }: ProcessInfo): string {
  return start.slice(0, 8);
}

function ticksIn({ start }: ProcessInfo): number {
  return Number(start.slice(start.lastIndexOf(':') + 1));
}

function ticksNow(): number {
  return Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 100);
}
