import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { readProcess } from '../../../src/owner/process.ts';
import type { Scratch } from './scratch.ts';
import type { privateTmux } from './tmux.ts';
import { until } from './until.ts';

const toolServer = fileURLToPath(new URL('mcp-server.mjs', import.meta.url));

/** The tool that hands off, and one that doesn't, of the tool server. */
export const HAND_OFF = 'mcp__worker__hand_off';
export const LOOK = 'mcp__worker__look';

/** What comes before the command of a worker. */
export const asRole = (role: string) => ['stopgate', 'run', '--role', role, '--'];
export const asIntake = asRole('intake');

export interface Rule {
  role: string;
  tool: string;
  host?: string;
  successPattern?: string;
  kill?: boolean;
}

/** Writes a person's settings: what hands off. */
export function handsOff(
  place: Scratch,
  rules: Rule[] = [{ role: 'intake', tool: HAND_OFF }],
): void {
  const dir = join(place.home, '.config/stopgate');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ shutdownAfterIdle: rules }));
}

/** The flags that give Claude Code the tool server. */
export function withTools(place: Scratch, allowed = 'Bash'): string[] {
  const path = join(place.root, 'mcp.json');
  const server = { command: process.execPath, args: [toolServer] };
  writeFileSync(path, JSON.stringify({ mcpServers: { worker: server } }));
  return ['--mcp-config', path, '--allowedTools', 'mcp__worker', allowed];
}

/** The lines of config.toml that give Codex the tool server. */
export function toolServerToml(): string {
  return `\n[mcp_servers.worker]\ncommand = "${process.execPath}"\nargs = ["${toolServer}"]\n`;
}

/** What the tests read from one line of the log. */
export interface Line {
  at: string;
  decided: string;
  reason: string;
  session: string;
  pid: number | null;
  sessionEnd?: boolean;
}

export function shutdownLog(place: Scratch): Line[] {
  let text = '';
  try {
    text = readFileSync(join(place.state, 'events/shutdown.jsonl'), 'utf8');
  } catch {
    return [];
  }
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** What was decided so far, in order: the word, and the reason where it isn't the usual one. */
export function decided(place: Scratch): string[] {
  return shutdownLog(place).map(({ decided, reason }) => `${decided}: ${reason}`);
}

/** Waits, when the test is over and its tmux server gone, for the processes of its sessions: they write until they end. */
export function endWorkersAfterTest(place: Scratch): void {
  onTestFinished(async () => {
    for (const { agent } of sessionRecords(place)) if (agent) await gone(agent.pid).catch(() => {});
  });
}

/** Waits until the tmux session is gone, as it is when its only program ended. */
export function closed(tmux: ReturnType<typeof privateTmux>, session: string): Promise<void> {
  return until(`tmux session ${session} to be gone`, async () => {
    const { stdout } = await tmux.run('list-sessions', '-F', '#S');
    return !stdout.split('\n').includes(session);
  });
}

/** Waits until the closer has seen the end. */
export function confirmed(place: Scratch): Promise<void> {
  return until('the closer to confirm the end', () =>
    shutdownLog(place).some(({ decided }) => decided === 'ended'),
  );
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

export interface SessionRecord {
  sessionId: string;
  status: string;
  agent: { pid: number; start: string } | null;
  transcript: string;
  role?: string | null;
  endReason: string | null;
  exitReason?: string | null;
  lastEvent: string;
}

export function sessionRecords(place: Scratch): SessionRecord[] {
  const dir = join(place.state, 'sessions');
  if (!existsSync(dir)) return [];
  const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
  return names.map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')));
}

/** The record of the one session; fails when there is not exactly one. */
export function sessionRecord(place: Scratch): SessionRecord {
  const [only, ...others] = sessionRecords(place);
  if (!only || others.length) throw new Error(`expected one session, found ${1 + others.length}`);
  return only;
}

export function isAlive(pid: number): boolean {
  const info = readProcess(pid);
  return info != null && !/^[ZX]/.test(info.state);
}

/** Waits until the process is gone, and returns how long that took. */
export async function gone(pid: number, seconds = 10): Promise<number> {
  const started = Date.now();
  await until(`process ${pid} to be gone`, () => !isAlive(pid), seconds);
  return Date.now() - started;
}

/** A closer that meets the next prompt, or whose stop the next one took the place of: which it sees first is a race. */
export const GAVE_WAY = expect.stringMatching(
  /^deferred: (a prompt arrived first|a later stop took its place)$/,
);
