import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { Build } from '../../src/build/schema.ts';
import { createBuild, updateBuild } from '../../src/build/store.ts';
import { type Mode, updateGate } from '../../src/gate/mode.ts';
import { type AskAuthority, route } from '../../src/gate/router.ts';
import { HOSTS } from '../../src/hosts/index.ts';
import { identify } from '../../src/owner/identity.ts';
import { machineId } from '../../src/owner/machine.ts';
import { recordAfter } from '../../src/session/record.ts';
import { updateSession } from '../../src/session/store.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { budgetOf, buildOf } from '../build/make.ts';
import { scratchDir } from '../build/scratch.ts';
import { stampOf } from '../owner/make.ts';
import { stampOfPid } from '../support/process-stamp.ts';

const mine = stampOfPid(process.ppid);
let paths: StatePaths;
let repo: string;
let env: Record<string, string>;

beforeEach(() => {
  const root = scratchDir();
  paths = statePaths(join(root, 'state'));
  repo = scratchDir();
  env = { CLAUDE_PID: String(process.ppid), HOME: root, XDG_CONFIG_HOME: join(root, 'config') };
});

const stopOf = (more: object = {}) =>
  HOSTS.claude.parseEvent({ session_id: 'a', hook_event_name: 'Stop', cwd: repo, ...more });
const stop = (more: object = {}, ask: AskAuthority | null = null) =>
  route(stopOf(more), paths, ask, env);

function open(changes: Partial<Build> = {}): void {
  const owner = stampOf({ sessionId: 'a', agent: mine, pane: null, machine: machineId() });
  createBuild(paths, buildOf({ owner, checkouts: [repo], ...changes }));
}

const setMode = (mode: Mode) => updateGate(paths, 1000, (gate) => ({ ...gate, mode }));
/** A person's own. */
const settings = (value: object) => {
  const dir = join(env.XDG_CONFIG_HOME ?? '', 'stopgate');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config.json'), JSON.stringify(value));
};
/** Checks that this session had written down, where its agent may run them without a question. */
const FREE = { permission_mode: 'bypassPermissions' };
const checks = (...commands: string[]) => ({
  checks: commands,
  checksFrom: { by: 'claude', session: 'a', contained: false },
});
const state = () => readFileSync(paths.build(buildOf().id), 'utf8');

it('holds the owner, and says in the record how long each step took', async () => {
  open();
  const { verdict, record } = await stop();
  expect(verdict).toMatchObject({ decision: 'block', cause: 'unfinished' });
  expect(record).toMatchObject({
    verdict: 'block',
    cause: 'unfinished',
    row: 2,
    mode: { build: 'enforce', authority: 'shadow' },
    steps: { build: expect.any(Number) },
  });
});

it('in shadow it writes down what it would have done, and spends nothing', async () => {
  open();
  setMode('shadow');
  const before = state();
  const { verdict, record } = await stop();
  expect(verdict).toEqual({ decision: 'approve', cause: 'disabled' });
  expect(record).toMatchObject({ would: { verdict: 'block', cause: 'unfinished' } });
  expect(state()).toBe(before);
  expect(existsSync(paths.blocks('a'))).toBe(false);
});

it('when off, it looks at no build', async () => {
  open();
  setMode('off');
  expect(await stop()).toMatchObject({ verdict: { cause: 'disabled' }, record: { steps: {} } });
});

it('lets a session go whose conversation is being compacted, unless that was long ago', async () => {
  open();
  const compacting = (at: string) => {
    const me = identify({ host: 'claude', sessionId: 'a', cwd: repo, env, pid: process.pid });
    const event = stopOf({ hook_event_name: 'PreCompact' });
    updateSession(paths, 'a', 1000, (before) => recordAfter(before, event, me, at));
  };
  compacting(new Date().toISOString());
  expect((await stop()).verdict).toMatchObject({ decision: 'approve', cause: 'waiting' });
  compacting(new Date(Date.now() - 3_600_000).toISOString());
  expect((await stop()).verdict).toMatchObject({ decision: 'block' });
});

it('no session is held more often in an hour than its bound', async () => {
  open({ size: 'large' });
  settings({ budget: { perHour: 2 } });
  const verdicts = [await stop(), await stop(), await stop(), await stop()].map(
    (one) => one.verdict,
  );
  expect(verdicts.map(({ cause }) => cause)).toEqual([
    'unfinished',
    'unfinished',
    'capped',
    'capped',
  ]);
  expect(verdicts[2]).toHaveProperty('systemMessage', expect.stringContaining('2 times within'));
  expect(verdicts[3]).not.toHaveProperty('systemMessage');
});

it('the same bounds hold for Codex', async () => {
  open({ size: 'large' });
  settings({ budget: { perHour: 1 } });
  const payload = { session_id: 'a', turn_id: 't', hook_event_name: 'Stop', cwd: repo };
  const causes = [];
  for (let n = 0; n < 3; n++) {
    const { verdict } = await route(HOSTS.codex.parseEvent(payload), paths, null, env);
    causes.push(Object.keys(HOSTS.codex.renderVerdict(verdict)));
  }
  expect(causes).toEqual([['decision', 'reason'], ['systemMessage'], []]);
  expect(JSON.parse(state()).budget.spent).toBe(1);
});

it('a block that the hour refuses costs the build nothing, and is written down', async () => {
  open();
  settings({ budget: { perHour: 1 } });
  await stop();
  const before = state();
  expect((await stop()).record).toMatchObject({
    verdict: 'approve',
    cause: 'capped',
    bound: 'hour',
    would: { verdict: 'block', cause: 'unfinished' },
    spent: 1,
  });
  expect(state()).toBe(before);
});

it('a stop that is not held takes nothing from the hour', async () => {
  open({ budget: budgetOf({ limit: 1, spent: 1 }) });
  expect((await stop()).record).toMatchObject({ cause: 'capped', bound: 'limit' });
  open({ budget: budgetOf({ limit: 9, streak: 7 }) });
  expect((await stop()).record).toMatchObject({ cause: 'capped', bound: 'streak' });
  expect(existsSync(paths.blocks('a'))).toBe(false);
});

it('the hour of a session covers all its builds and its authority', async () => {
  settings({ budget: { perHour: 2 }, authority: { kind: 'rules' } });
  setMode('enforce');
  const ask: AskAuthority = async () => ({
    verdict: { decision: 'block', cause: 'authority', reason: 'go on' },
    record: { rule: 'plan-next-step-open' },
  });
  const first = await stop({}, ask);
  open();
  const second = await stop({}, ask);
  updateBuild(paths, buildOf().id, 1000, (build) => ({ ...build, phase: 'complete' }));
  const third = await stop({}, ask);
  expect([first, second, third].map(({ verdict }) => verdict.cause)).toEqual([
    'authority',
    'unfinished',
    'capped',
  ]);
  expect(third.record).toMatchObject({ bound: 'hour', rule: 'plan-next-step-open' });
});

it('in shadow nobody is told anything either', async () => {
  open({ budget: budgetOf({ limit: 1, spent: 1 }) });
  setMode('shadow');
  expect((await stop()).verdict).toEqual({ decision: 'approve', cause: 'capped' });
});

it('in shadow no check is run', async () => {
  open(checks('touch ran; false'));
  settings({ checksOnStop: true });
  setMode('shadow');
  expect((await stop(FREE)).record).toMatchObject({ would: { cause: 'unfinished' } });
  expect(existsSync(join(repo, 'ran'))).toBe(false);
});

it('a build that was finished while its checks ran holds nobody, and costs nothing', async () => {
  const over = join(repo, 'over');
  open(checks(`cat ${over} >${paths.build(buildOf().id)}; false`));
  writeFileSync(over, JSON.stringify({ ...JSON.parse(state()), phase: 'complete' }));
  settings({ checksOnStop: true });
  expect((await stop(FREE)).verdict).toEqual({ decision: 'approve', cause: 'terminal' });
  expect(JSON.parse(state()).budget.spent).toBe(0);
  expect(existsSync(paths.blocks('a'))).toBe(false);
});

it('a check that passes now is no longer in the reason', async () => {
  const failedCheck = { command: 'true', outcome: 'exit code 1', tail: '' };
  open({ ...checks('true'), failedCheck });
  settings({ checksOnStop: true });
  expect((await stop(FREE)).verdict.cause).toBe('unfinished');
  expect(JSON.parse(state()).failedCheck).toBeNull();
});

it('a dev server that is to be ignored excuses no stop', async () => {
  open();
  const background_tasks = [{ type: 'shell', status: 'running', command: 'npm run dev' }];
  expect((await stop({ background_tasks })).verdict.cause).toBe('waiting');
  settings({ ignoreBackground: ['npm run dev'] });
  expect((await stop({ background_tasks })).verdict.cause).toBe('unfinished');
});

it.each([
  ['a failing check is in the reason', 'echo 3 tests red; exit 1', 'check-failed', '3 tests red'],
  ['checks that pass leave the build as unfinished as it is', 'true', 'unfinished', 'complete'],
  [
    'a check that cannot start is no pass',
    'no-such-program-9',
    'check-failed',
    'no-such-program-9',
  ],
])('with checksOnStop: %s', async (_, check, cause, text) => {
  open(checks(check));
  settings({ checksOnStop: true });
  const { verdict } = await stop(FREE);
  expect(verdict).toMatchObject({ cause, reason: expect.stringContaining(text) });
});

it.each<[string, object, Partial<Build>]>([
  ['of a session whose agent asks before it runs a command', {}, {}],
  ['of a session that asks about nothing but edits', { permission_mode: 'acceptEdits' }, {}],
  ['that nobody knows who wrote down', FREE, { checksFrom: undefined }],
  [
    'that were written down in a sandbox',
    FREE,
    { checksFrom: { by: 'claude', session: 'a', contained: true } },
  ],
  [
    'of an agent that has a sandbox of its own',
    FREE,
    { checksFrom: { by: 'codex', session: 'b', contained: false } },
  ],
])('with checksOnStop: no check runs %s', async (_, payload, changes) => {
  open({ ...checks('touch ran; false'), ...changes });
  settings({ checksOnStop: true });
  const { verdict, record } = await stop(payload);
  expect(verdict).toMatchObject({ decision: 'block', cause: 'unfinished' });
  expect(record).toMatchObject({ checksNotRun: expect.any(String) });
  expect(existsSync(join(repo, 'ran'))).toBe(false);
});

it('with checksOnStop: no check runs where Claude Code may use its own sandbox', async () => {
  open(checks('touch ran; false'));
  settings({ checksOnStop: true });
  mkdirSync(join(repo, '.claude'));
  writeFileSync(join(repo, '.claude/settings.local.json'), '{"sandbox":{"enabled":true}}');
  expect((await stop(FREE)).record).toMatchObject({ checksNotRun: expect.any(String) });
  expect(existsSync(join(repo, 'ran'))).toBe(false);
});

it('a project has no check run', async () => {
  open(checks('touch ran; false'));
  writeFileSync(join(repo, 'stopgate.config.json'), '{"checksOnStop": true}');
  const { record } = await stop(FREE);
  expect(record).toMatchObject({ problems: [expect.stringContaining('checksOnStop')] });
  expect(existsSync(join(repo, 'ran'))).toBe(false);
});

it('a settings file that cannot be read is a problem in the record, and counts as empty', async () => {
  open();
  writeFileSync(join(repo, 'stopgate.config.json'), '{"checksOnStop": "yes"}');
  const { verdict, record } = await stop();
  expect(verdict).toMatchObject({ cause: 'unfinished' });
  expect(record).toMatchObject({ problems: [expect.stringContaining('checksOnStop')] });
});

it('keeps no word of the last message unless previews are on', async () => {
  open();
  const more = { last_assistant_message: `secret ${'x'.repeat(500)}` };
  expect(JSON.stringify((await stop(more)).record)).not.toContain('secret');
  settings({ logPreviews: true });
  expect((await stop(more)).record).toHaveProperty('preview', `secret ${'x'.repeat(193)}`);
});

const HOLD: AskAuthority = async () => ({
  verdict: { decision: 'block', cause: 'authority', reason: 'go on' },
  record: { authority: 'continue' },
});

it('the authority holds a session that no build covers only where it enforces', async () => {
  settings({ authority: { kind: 'rules' } });
  const shadow = await stop({}, HOLD);
  expect(shadow.verdict).toEqual({ decision: 'approve', cause: 'disabled' });
  expect(shadow.record).toMatchObject({
    authority: 'continue',
    would: { verdict: 'block', cause: 'authority' },
    steps: { authority: expect.any(Number) },
  });
  setMode('enforce');
  expect((await stop({}, HOLD)).verdict).toMatchObject({ decision: 'block', cause: 'authority' });
});

it.each<[string, object, () => void]>([
  ['that it held already', { stop_hook_active: true }, () => {}],
  ['with background work', { background_tasks: [{}] }, () => {}],
  ['of a subagent', { agent_id: 'a' }, () => {}],
  ['where another session’s build is open', { session_id: 'b' }, () => open()],
  ['while it is off', {}, () => setMode('off')],
])('the authority is not asked about a stop %s', async (_name, more, prepare) => {
  settings({ authority: { kind: 'rules' } });
  setMode('enforce');
  prepare();
  let asked = false;
  const ask: AskAuthority = (...args) => {
    asked = true;
    return HOLD(...args);
  };
  expect((await stop(more, ask)).verdict.decision).toBe('approve');
  expect(asked).toBe(false);
});

it('the blocks of the authority count towards the bound of an hour', async () => {
  settings({ authority: { kind: 'rules' }, budget: { perHour: 1 } });
  setMode('enforce');
  const causes = [await stop({}, HOLD), await stop({}, HOLD)].map(({ verdict }) => verdict.cause);
  expect(causes).toEqual(['authority', 'capped']);
});
