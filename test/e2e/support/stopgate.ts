import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { registered } from '../../support/installed-tree.ts';
import type { Scratch } from './scratch.ts';

/** The command that install registers for Claude, and a person registers for Codex. */
export function launcher(host: 'claude' | 'codex'): string {
  return registered('stop-gate-router', host);
}

/** Puts the launcher in place and registers it with Claude Code, as a person would. */
export async function installHook(place: Scratch): Promise<void> {
  await stopgate(place, 'install', '--host', 'claude', '--scope', 'user');
}

/** Runs the CLI in the project as a person does, outside any agent, and returns what it prints; fails when it does. */
export async function stopgate(place: Scratch, ...args: string[]): Promise<string> {
  const { stdout } = await execa('stopgate', args, {
    cwd: place.project,
    env: place.env,
    extendEnv: false,
    timeout: 30_000,
  });
  return stdout;
}

/** As {@link stopgate}, for a command that may be refused: all that it prints. */
export async function tryStopgate(place: Scratch, ...args: string[]): Promise<string> {
  const { all } = await execa('stopgate', args, {
    cwd: place.project,
    env: place.env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
    timeout: 60_000,
  });
  return all;
}

/** What the tests read from a build's state file. */
export interface BuildState {
  id: string;
  task: string;
  phase: string;
  owner: { sessionId: string | null; agent: object | null; pane: object | null };
  budget: { limit: number; spent: number };
}

/** The path of the one state file on this machine; fails when there is not exactly one. */
export function stateFile(place: Scratch): string {
  const [only, ...others] = stateFiles(place);
  if (!only || others.length) throw new Error(`expected one build, found ${[only, ...others]}`);
  return only;
}

export function buildState(place: Scratch): BuildState {
  return readState(stateFile(place));
}

export function buildStates(place: Scratch): BuildState[] {
  return stateFiles(place).map(readState);
}

function stateFiles(place: Scratch): string[] {
  const dir = join(place.state, 'builds');
  return readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(dir, name));
}

function readState(file: string): BuildState {
  return JSON.parse(readFileSync(file, 'utf8')) as BuildState;
}

/** What the tests read from one record of the gate's event log. */
export interface GateEvent {
  host: string;
  entry?: string;
  session: string;
  build?: string;
  verdict: 'approve' | 'block';
  cause: string;
  /** What the authority answered, and what a gate in shadow would have done. */
  authority?: string;
  rule?: string;
  pointers?: string[];
  why?: string;
  breaker?: string;
  would?: { verdict: string; cause: string };
  bound?: string;
}

export function gateEvents(place: Scratch): GateEvent[] {
  return readFileSync(join(place.state, 'events/gate.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as GateEvent);
}
