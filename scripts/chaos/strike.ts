import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from '../../src/build/schema.ts';
import type { Called } from './agent.ts';
import type { Run } from './attack.ts';
import { callOf, type Writing } from './commands.ts';
import { changesBetween, restore, type Snapshot } from './files.ts';
import { hear, isBlock } from './oracle.ts';
import type { Scene } from './scene.ts';
import { hitOurs, type Point, pointsIn, striking, tracing, wrapNode } from './syscalls.ts';

/** A writing command in a scene: the state it starts from, the one it leads to, and its system calls. */
export interface Course {
  readonly one: Writing;
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly points: readonly Point[];
}

/** Runs a command once, undisturbed and traced. */
export async function courseOf(one: Writing, scene: Scene): Promise<Course> {
  const { world } = scene;
  scene.reset();
  for (const words of one.before ?? []) {
    const ran = await one.who(scene).agent.call({ command: `stopgate ${words}` });
    if (ran.code !== 0) throw new Error(`${one.name}: before it, ${words}: ${ran.stderr}`);
  }
  const trace = emptyTrace(world);
  if (one.kind === 'hook') wrapNode(world, tracing(trace));
  const from = plain(scene.now());
  const ran = await one.who(scene).agent.call(callOf(one, scene, tracing(trace)));
  const to = plain(scene.now());
  if (one.kind === 'hook') wrapNode(world, null);
  if (ran.code !== 0)
    throw new Error(`${one.name}: undisturbed it ended with ${ran.code}: ${ran.stderr}`);
  const points = pointsIn(trace, world.root);
  rmSync(trace);
  return { one, from, to, points };
}

/** Runs it from the same state with a fault at one call. */
export async function struck(
  { one, from }: Course,
  scene: Scene,
  point: Point,
  fault: string,
): Promise<{ ran: Called; after: Snapshot; isOurs: boolean }> {
  const { world } = scene;
  backTo(scene, from);
  const trace = emptyTrace(world);
  const wrapper = striking(point, fault, trace);
  if (one.kind === 'hook') wrapNode(world, wrapper);
  const ran = await one.who(scene).agent.call(callOf(one, scene, wrapper));
  if (one.kind === 'hook') wrapNode(world, null);
  const isOurs = fault.startsWith('signal') || hitOurs(trace, world.root);
  rmSync(trace);
  return { ran, after: plain(scene.now()), isOurs };
}

/** A file that strace may write, whoever it runs as. */
function emptyTrace({ root }: Scene['world']): string {
  const trace = join(root, 'trace');
  writeFileSync(trace, '');
  chmodSync(trace, 0o666);
  return trace;
}

/** Puts the scene to where a course starts. */
export function backTo(scene: Scene, from: Snapshot): void {
  const now = plain(scene.now());
  if (changesBetween(now, from).length > 0) restore(scene.world.root, from, now, scene.world.uid);
}

/** What is not the package's: this program's own wrapper and trace. */
function plain(all: Snapshot): Snapshot {
  const mine = ['node', 'trace', 'home/.local/share/stopgate/node'];
  return new Map([...all].filter(([path]) => !mine.includes(path)));
}

/** Files that are the old or the new, never less; all others are judged by what works afterwards. */
const WHOLE = /\/(builds|sessions)\/[^/]+\.json$|gate\.json$|settings\.json$|hooks\.json$|\.rules$/;

/** What is neither the old state nor the new one. */
export function losses({ from, to }: Course, after: Snapshot): string[] {
  const [old, next, now] = [from, to, after].map(namesAndTexts);
  if (!old || !next || !now) return [];
  const problems: string[] = [];
  for (const path of new Set([...old.keys(), ...next.keys(), ...now.keys()])) {
    const found = now.get(path);
    if (found !== old.get(path) && found !== next.get(path)) {
      problems.push(
        found === undefined
          ? `a file is gone: ${path}`
          : `neither old nor new: ${path}: ${firstDifference(next.get(path) ?? '', found)}`,
      );
    }
  }
  for (const [path, { bytes }] of after) {
    if (path.includes('.corrupt-')) problems.push(`a file is corrupt: ${path}`);
    if (/\/builds\/[^/]+\.json$/.test(path)) problems.push(...unreadable(path, bytes));
    if (path.endsWith('/manifest.json') && !isJson(bytes.toString()))
      problems.push(`no JSON: ${path}`);
  }
  return problems;
}

function firstDifference(wanted: string, found: string): string {
  const lines = wanted.split('\n');
  const others = found.split('\n');
  const at = lines.findIndex((line, index) => line !== others[index]);
  return `expected ${lines[at]}, found ${others[at]}`;
}

/** Times, random ids and the numbers of processes differ from run to run. */
function namesAndTexts(all: Snapshot): Map<string, string> {
  const same = (text: string) =>
    text
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replace(/\b([a-z]+(?:-[a-z]+)*)-[0-9a-f]{6}\b/g, '$1-ID')
      .replace(/[0-9a-f-]{36}:\d+/g, 'START')
      .replace(/"pid": ?\d+/g, '"pid": N')
      // What could not be told is written as unknown, which no row of the ladder takes for a proof.
      .replace(/"head": .*/g, '"head": H')
      .replace(/"(above|agent|pane)": (null|\[\]|[{[][^}\]]*[}\]])/g, '"$1": X');
  const whole = [...all].filter(([path]) => WHOLE.test(path));
  return new Map(whole.map(([path, { bytes }]) => [same(path), same(bytes.toString())]));
}

function unreadable(path: string, bytes: Buffer): string[] {
  try {
    buildSchema.parse(JSON.parse(bytes.toString()));
    return [];
  } catch {
    return [`a build cannot be read: ${path}`];
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a person must never be shown, and what must be said instead. */
export function unclear({ code, signal, stderr, timedOut }: Called): string[] {
  const problems: string[] = [];
  if (timedOut) return ['the command never ended'];
  if (code !== 0 && code !== 1) problems.push(`the command ended with ${signal ?? code}`);
  if (/\n\s+at /.test(stderr)) problems.push('it printed a stack trace');
  if (stderr.includes('defect of stopgate'))
    problems.push('it called the fault a defect of stopgate');
  if (code === 1 && !/stopgate: \S/.test(stderr)) problems.push('it failed without a message');
  return problems;
}

/**
 * After a fault: the same command, the next one, the owner's prompt and the owner's stop work, whatever was left.
 */
export async function goesOn(run: Run, course: Course, scene: Scene): Promise<string[]> {
  const { one, to } = course;
  const problems: string[] = [];
  if (one.kind === 'cli') {
    const again = await one.who(scene).agent.call(callOf(one, scene));
    problems.push(...unclear(again).map((what) => `run again: ${what}`));
    if (again.stderr.includes('is held by')) problems.push('run again: a lock stayed');
    if (one.again) {
      if (again.code !== 0) problems.push(`run again: it is refused: ${again.stderr}`);
      problems.push(...differences(to, plain(scene.now())));
    }
  }
  if (one.removes) return problems;
  const { host } = one.who(scene);
  const owner = scene.owners[host];
  const isHeld = mayHold(scene, owner.build);
  const stopped = hear(host, 'stop-gate-router', await scene.stop(owner));
  problems.push(...stopped.problems.map((what) => `the next stop: ${what}`));
  if (isHeld && !isBlock(stopped.answer)) problems.push('the next stop: the owner is not held');
  if (!isHeld && isBlock(stopped.answer))
    problems.push('the next stop: held without an open build');
  const next = await owner.agent.call({ command: 'stopgate status --json' });
  if (next.code !== 0) problems.push(`the next command: it is refused: ${next.stderr}`);
  run.count('commands and stops afterwards', one.kind === 'cli' ? 3 : 2);
  return problems;
}

function differences(to: Snapshot, now: Snapshot): string[] {
  const [wanted, found] = [to, now].map(namesAndTexts);
  if (!wanted || !found) return [];
  return [...wanted]
    .filter(([path, text]) => found.get(path) !== text)
    .map(([path]) => `run again: it came to something else: ${path}`);
}

/** True where the state says that the owner of this build is to be held. */
function mayHold({ world }: Scene, id: string | null): boolean {
  const build = id === null ? null : jsonAt(world.paths.build(id));
  const parsed = buildSchema.safeParse(build);
  if (!parsed.success || isOff(world.paths)) return false;
  const { phase, owner, budget, waits } = parsed.data;
  const isOver = ['complete', 'failed', 'escalated', 'paused'].includes(phase) || waits?.length;
  return !isOver && owner !== null && budget.spent < budget.limit;
}

function isOff({ gate, armedOff }: Scene['world']['paths']): boolean {
  const { killedAt, mode, projects } = (jsonAt(gate) ?? {}) as Record<string, unknown>;
  const modes = [mode, ...Object.values(projects ?? {})];
  return existsSync(armedOff) || Boolean(killedAt) || modes.some((one) => one && one !== 'enforce');
}

function jsonAt(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
