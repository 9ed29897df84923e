import { readFileSync } from 'node:fs';
import { type AgentProcess, ancestors, livenessOf } from '../owner/process.ts';
import type { SessionRecord } from '../session/schema.ts';
import { readSession } from '../session/store.ts';
import type { StatePaths } from '../state/paths.ts';
import { hasBackgroundWork } from './background.ts';
import { composerOf, stillPart } from './composer.ts';
import type { Facts } from './decide.ts';
import { isKept } from './kept.ts';
import { lookAtPane, type PaneAnswer, type PaneLook } from './pane.ts';
import { type Request, requestOf } from './request.ts';
import { turnOf } from './transcript.ts';

/** Since when the screen has shown the same. */
export interface Stillness {
  shown: string | null;
  since: number;
}

export interface Look {
  facts: Facts;
  pane: PaneLook | null;
  still: Stillness;
}

/** Looks once at everything that speaks for or against the end of a worker. */
export function lookAt(paths: StatePaths, mine: Request, before: Stillness, now: number): Look {
  const request = requestOf(paths, mine.sessionId);
  const record = readSession(paths, mine.sessionId);
  const turn = turnOf(mine.host, mine.transcript, mine.stop?.message ?? null);
  const answer: PaneAnswer =
    mine.pane === null ? { kind: 'unseen', why: 'no pane' } : lookAtPane(mine.pane);
  const pane = answer.kind === 'seen' ? answer.look : null;
  const shown = pane && stillPart(mine.host, pane);
  const still = shown !== null && shown === before.shown ? before : { shown, since: now };
  const facts: Facts = {
    request: request === null ? 'gone' : request.stop?.id === mine.stop?.id ? 'same' : 'other',
    kept: isKept(record),
    agent: livenessOf(mine.agent),
    sameProcess: isSameProcess(mine, record),
    ended: record?.status === 'stopped',
    prompted: record?.lastActivityAt !== mine.stop?.activity,
    turn,
    background: mine.host === 'codex' && hasBackgroundWork(mine.sessionId, mine.transcript),
    pane: pane === null ? 'unseen' : paneOf(pane, mine.agent),
    inMode: pane?.inMode ?? false,
    synchronized: pane?.synchronized ?? false,
    clientIdleMs: pane?.clientUsedAt == null ? null : now - pane.clientUsedAt,
    answerShown: !mine.daemon || shows(shown, mine.stop?.message ?? null),
    composer: pane === null ? { kind: 'unknown' } : composerOf(mine.host, pane),
    leftover: mine.host === 'codex' && request !== null && request.state !== 'pending',
    stillMs: now - still.since,
  };
  return { facts, pane, still };
}

/** A session in the daemon has no process of its own: its record names none, or another one that resumed it. */
function isSameProcess({ agent, daemon }: Request, record: SessionRecord | null): boolean {
  if (record === null) return false;
  if (daemon) return record.agent === null;
  return record.agent?.pid === agent?.pid && record.agent?.start === agent?.start;
}

/** True when the last line of the message starts on the screen: the terminal shows this session, and no other. */
function shows(screen: string | null, message: string | null): boolean {
  const line = message?.trimEnd().split('\n').at(-1)?.trim().slice(0, 40) ?? '';
  return line !== '' && screen !== null && screen.includes(line);
}

function paneOf({ panePid }: PaneLook, agent: AgentProcess | null): Facts['pane'] {
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
