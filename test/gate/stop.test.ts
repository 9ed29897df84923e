import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { listArmed } from '../../src/build/armed.ts';
import type { Build } from '../../src/build/schema.ts';
import { createBuild } from '../../src/build/store.ts';
import { stopRecord } from '../../src/gate/record.ts';
import { type Judgement, judgeStop, settleStop } from '../../src/gate/stop.ts';
import type { HookEvent } from '../../src/hosts/host.ts';
import { HOSTS } from '../../src/hosts/index.ts';
import { machineId } from '../../src/owner/machine.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { budgetOf, buildOf } from '../build/make.ts';
import { git, scratchDir } from '../build/scratch.ts';
import { stampOf } from '../owner/make.ts';
import { endedStamp, stampOfPid } from '../support/process-stamp.ts';

const meanwhile = vi.hoisted(() => ({ happens: () => {} }));

/** The commit is read before the state is locked: there another process may come between. */
vi.mock('../../src/build/head.ts', async (original) => {
  const { headOf } = await original<typeof import('../../src/build/head.ts')>();
  return {
    headOf: (checkout: string) => {
      const { happens } = meanwhile;
      meanwhile.happens = () => {};
      happens();
      return headOf(checkout);
    },
  };
});

const mine = stampOfPid(process.ppid);
const ENV = { CLAUDE_PID: String(process.ppid) };
let paths: StatePaths;
let repo: string;

beforeEach(() => {
  paths = statePaths(join(scratchDir(), 'state'));
  repo = scratchDir();
});

function put(changes: Partial<Build> = {}): Build {
  const owner = stampOf({ agent: mine, pane: null, machine: machineId() });
  const build = buildOf({ owner, checkouts: [repo], ...changes });
  createBuild(paths, build);
  return build;
}

const eventOf = (changes: Partial<HookEvent> = {}): HookEvent => ({
  ...HOSTS.claude.parseEvent({ session_id: 'session-a', hook_event_name: 'Stop', cwd: repo }),
  ...changes,
});

/** Judges a stop and, if it is the owner's, settles it with an hour that has no bound. */
function judge(changes: Partial<HookEvent> = {}): Judgement {
  const judgement = judgeStop(eventOf(changes), paths, null, ENV);
  const { owned } = judgement;
  return owned === null ? judgement : settleStop({ ...judgement, owned }, paths, () => null);
}
const stored = (id = buildOf().id): Build => JSON.parse(readFileSync(paths.build(id), 'utf8'));

/** Verdict and cause of so many stops, one after the other. */
const stops = (count: number) =>
  Array.from({ length: count }, () => {
    const { verdict } = judge().decision;
    return `${verdict.decision} ${verdict.cause}`;
  });

it('the owner of a small build is blocked three times, then released, and the person is told once', () => {
  put({ budget: budgetOf({ limit: 3 }) });
  expect(stops(3)).toEqual(Array(3).fill('block unfinished'));
  const capped = judge().decision.verdict;
  expect(capped).toMatchObject({
    cause: 'capped',
    systemMessage: expect.stringContaining('still open'),
  });
  expect(judge().decision.verdict).toEqual({ decision: 'approve', cause: 'capped' });
  expect(stored().budget).toMatchObject({ spent: 3, toldAt: expect.any(String) });
});

it('a large build holds seven times in a row, and again after a commit', () => {
  git(repo, 'init', '-q');
  put({ budget: budgetOf({ limit: 10 }) });
  expect(stops(8)).toEqual([...Array(7).fill('block unfinished'), 'approve capped']);
  git(repo, 'commit', '-q', '--allow-empty', '-m', 'progress');
  expect(stops(4)).toEqual([...Array(3).fill('block unfinished'), 'approve capped']);
  expect(stored().history.map(({ what }) => what)).toEqual(['started', 'commit']);
});

it.each<[string, Partial<HookEvent>, Partial<Build>, string]>([
  ['another session', { sessionId: 'session-b' }, {}, 'foreign'],
  ["a subagent's stop", { agentId: 'a' }, {}, 'foreign'],
  ['another event', { name: 'SubagentStop' }, {}, 'foreign'],
  ['background work', { backgroundTasks: 1 }, {}, 'waiting'],
  ['told already', {}, { budget: budgetOf({ spent: 5, toldAt: 't' }) }, 'capped'],
  ['a paused build', {}, { phase: 'paused', pausedFrom: 'executing' }, 'paused'],
  ['an ended build', {}, { phase: 'complete' }, 'inactive'],
  ['a released build', {}, { owner: null }, 'inactive'],
])('%s: approved, and nothing is written, not even a time', (_name, event, build, cause) => {
  put(build);
  const before = statSync(paths.build(buildOf().id), { bigint: true });
  expect(judge(event).decision.verdict).toEqual({ decision: 'approve', cause });
  const after = statSync(paths.build(buildOf().id), { bigint: true });
  expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([
    before.ino,
    before.mtimeNs,
    before.ctimeNs,
  ]);
});

it('of two owners, each spends the budget of its own build', () => {
  put({ id: 'first' });
  put({ id: 'second', owner: stampOf({ sessionId: 'session-b', machine: machineId() }) });
  judge();
  judge({ sessionId: 'session-b' });
  judge({ sessionId: 'session-b' });
  judge({ sessionId: 'session-c' });
  expect([stored('first').budget.spent, stored('second').budget.spent]).toEqual([1, 2]);
});

it('an owner that was resumed in another process is stamped there', () => {
  const gone = endedStamp(process.ppid);
  put({ owner: stampOf({ agent: gone, machine: machineId() }) });
  expect(judge().decision.verdict.cause).toBe('unfinished');
  expect(stored().owner).toMatchObject({ sessionId: 'session-a', agent: mine, pane: null });
});

it.each<[string, Partial<Build>, string]>([
  ['released', { owner: null }, 'unowned'],
  ['finished', { phase: 'complete' }, 'terminal'],
  ['paused', { phase: 'paused', pausedFrom: 'executing' }, 'paused'],
  [
    'given to another',
    { owner: stampOf({ sessionId: 'session-b', machine: machineId() }) },
    'foreign',
  ],
])('a build that was %s while the stop was judged holds nobody', (_name, changes, cause) => {
  const build = put();
  const bytes = () => readFileSync(paths.build(build.id), 'utf8');
  let then = '';
  meanwhile.happens = () => {
    createBuild(paths, { ...build, ...changes });
    then = bytes();
  };
  expect(judge().decision.verdict).toEqual({ decision: 'approve', cause });
  expect(bytes()).toBe(then);
});

it('a verdict is spoken only when it is written: while the state is locked there is none', () => {
  put();
  mkdirSync(paths.locks, { recursive: true });
  const holder = { ...stampOfPid(), machine: machineId() };
  writeFileSync(join(paths.locks, `build-${buildOf().id}.lock`), JSON.stringify(holder));
  const began = Date.now();
  expect(() => judge()).toThrow(expect.objectContaining({ code: 'locked' }));
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(stored().budget.spent).toBe(0);
});

it.each([
  ['corrupt', '{', 'corrupt'],
  ['of a newer stopgate', '{"schema":9}', 'newer stopgate'],
])('a neighbour whose state is %s frees nobody else, and is noted', (_name, text, words) => {
  put();
  put({ id: 'neighbour' });
  writeFileSync(paths.build('neighbour'), text);
  const { decision, notes } = judge();
  expect(decision.verdict.cause).toBe('unfinished');
  expect(notes).toEqual([expect.stringContaining(words)]);
  expect(listArmed(paths).includes('neighbour')).toBe(text !== '{');
});

it('an armed entry without a build holds nobody', () => {
  mkdirSync(paths.armedStop, { recursive: true });
  writeFileSync(join(paths.armedStop, 'gone'), '- - -\n');
  expect(judge().decision.verdict).toEqual({ decision: 'approve', cause: 'inactive' });
});

it('the record says who, why, by which row, and what is left', () => {
  put();
  expect(stopRecord(judge())).toEqual({
    build: buildOf().id,
    row: 2,
    facts: ['session id session-a is the stamped one'],
    spent: 1,
    limit: 5,
  });
  const foreign = stopRecord(judge({ sessionId: 'session-b' }));
  expect(foreign).toMatchObject({ build: buildOf().id, row: 8 });
  expect(foreign).not.toHaveProperty('spent');
});
