import { readFileSync } from 'node:fs';
import { type AgentProcess, ancestors } from '../owner/process.ts';

/** `shown`: it is what the pane's terminal listens to. */
export type PlaceInPane = 'shown' | 'suspended' | 'other-process';

/** Where an agent is, seen from the process that tmux started in a pane. */
export function placeIn(panePid: number, agent: AgentProcess | null): PlaceInPane {
  if (agent === null) return 'other-process';
  const isInPane = agent.pid === panePid || ancestors(agent.pid).some(({ pid }) => pid === panePid);
  if (!isInPane) return 'other-process';
  return isInForeground(agent.pid) ? 'shown' : 'suspended';
}

/** True when the process belongs to the job that its terminal listens to. */
function isInForeground(pid: number): boolean {
  try {
    const [group, foreground] = process.platform === 'linux' ? readStat(pid) : readPs(pid);
    return group !== undefined && group > 0 && group === foreground;
  } catch {
    return false;
  }
}

/** Process group and foreground group of the terminal (proc(5): pgrp, tpgid). */
function readStat(pid: number): (number | undefined)[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [Number(fields[2]), Number(fields[5])];
}

function readPs(pid: number): (number | undefined)[] {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const args = ['-o', 'pgid=,tpgid=', '-p', String(pid)];
  const ps = spawnSync('ps', args, { encoding: 'utf8', timeout: 250, killSignal: 'SIGKILL' });
  return ps.stdout.trim().split(/\s+/).map(Number);
}
