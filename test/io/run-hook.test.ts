import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createBuild } from '../../src/build/store.ts';
import { machineId } from '../../src/owner/machine.ts';
import { statePaths } from '../../src/state/paths.ts';
import { buildOf } from '../build/make.ts';
import { stampOf } from '../owner/make.ts';
import { BOUND_MS } from '../support/expect-output.ts';
import { stampOfPid } from '../support/process-stamp.ts';
import { hookProgram, type RunOptions } from './hook-program.ts';

const hook = hookProgram('build-stop');
const paths = statePaths(hook.state);
const { id } = buildOf();
const STOP = { session_id: 'session-a', hook_event_name: 'Stop', cwd: hook.dir };
/** The agent process that the hook finds: the nearest program above it. */
const self = stampOfPid();
const stop = JSON.stringify(STOP);

afterAll(() => hook.remove());

/** Every test starts with an open build that session-a owns: a hook that fails open shows. */
beforeEach(() => {
  rmSync(hook.state, { recursive: true, force: true });
  const owner = stampOf({ agent: { ...self }, pane: null, machine: machineId() });
  createBuild(paths, buildOf({ owner, checkouts: [hook.dir] }));
});

const log = () =>
  existsSync(paths.gateLog)
    ? readFileSync(paths.gateLog, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
const state = () => readFileSync(paths.build(id), 'utf8');
const claude = ['build-stop', '--host', 'claude'];
const codex = ['build-stop', '--host', 'codex'];

it.each([claude, codex])(
  'the owner is blocked: one object, exit 0, one record (%s %s %s)',
  async (...args) => {
    const ran = await hook.run([stop], { args });
    const output = JSON.parse(ran.stdout);
    expect(Object.keys(output)).toEqual(['decision', 'reason']);
    expect(output).toMatchObject({ decision: 'block', reason: expect.stringContaining(id) });
    expect(ran.stdout.split('\n')).toHaveLength(2);
    expect(ran).toMatchObject({ code: 0, signal: null });
    expect(JSON.parse(state()).budget).toMatchObject({ spent: 1, streak: 1 });
    expect(log()).toEqual([
      expect.objectContaining({
        entry: 'build-stop',
        host: args[2],
        session: 'session-a',
        build: id,
        verdict: 'block',
        cause: 'unfinished',
        row: 2,
        spent: 1,
        limit: 5,
      }),
    ]);
  },
);

it.each<[string, (string | Buffer)[], RunOptions]>([
  ['in two parts', [stop.slice(0, 30), stop.slice(30)], { gap: 100 }],
  ['by single bytes', [...stop].slice(0, 20).concat(stop.slice(20)), { gap: 2 }],
  ['with an end that never comes', [stop], { open: true }],
  ['with a newline later, and no end', [stop, '\n'], { open: true, gap: 60 }],
  [
    'with 300 kB in it',
    [JSON.stringify({ ...STOP, last_assistant_message: '}'.repeat(300_000) })],
    {},
  ],
  ['with a "}" at the end of its first part', [`{"x":{"a":1}`, `,${stop.slice(1)}`], { gap: 60 }],
  ['with keys of a later version', [JSON.stringify({ later: [1], ...STOP })], {}],
])('a payload %s is read whole', async (_name, stdin, options) => {
  const ran = await hook.run(stdin, { args: claude, ...options });
  expect(JSON.parse(ran.stdout).decision).toBe('block');
  expect(ran.code).toBe(0);
  expect(ran.ms).toBeLessThan(BOUND_MS);
});

it.each<[string, (string | Buffer)[], RunOptions]>([
  ['empty', [], {}],
  ['no object', ['[]'], {}],
  ['without session id', [JSON.stringify({ ...STOP, session_id: undefined })], {}],
  ['cut short', [stop.slice(0, -5)], {}],
  ['two objects', [stop + stop], {}],
  ['5 MB', [JSON.stringify({ ...STOP, x: 'a'.repeat(5_000_000) })], {}],
  ['not UTF-8', [Buffer.concat([Buffer.from(stop.slice(0, -1)), Buffer.from([0xff, 0x7d])])], {}],
])(
  'a payload that is %s: approved, one record, nothing else written',
  async (_name, stdin, options) => {
    const before = state();
    const ran = await hook.run(stdin, { args: claude, ...options });
    expect(ran.stdout).toBe('{"decision":"approve"}\n');
    expect(ran).toMatchObject({ code: 0, signal: null });
    expect(ran.ms).toBeLessThan(BOUND_MS);
    expect(log()).toEqual([expect.objectContaining({ verdict: 'approve', cause: 'error' })]);
    expect(state()).toBe(before);
  },
);

it.each<[string, string[]]>([
  ['half of it', [stop.slice(0, 30)]],
  ['5 MB in which every part looks whole', [`{"x":"${'}'.repeat(5_000_000)}`]],
])('a stdin that brings %s and stays open: approved in time, one object', async (_name, stdin) => {
  const ran = await hook.run(stdin, { args: codex, open: true });
  expect(ran.stdout).toBe('{}\n');
  expect(ran.ms).toBeLessThan(BOUND_MS);
  expect(log()).toHaveLength(1);
});

it.each<[string, object]>([
  ['another session', { ...STOP, session_id: 'session-b' }],
  ['a subagent of the owner', { ...STOP, agent_id: 'a' }],
  ["the owner's SubagentStop", { ...STOP, hook_event_name: 'SubagentStop' }],
  ['the owner, with background work', { ...STOP, background_tasks: [{}] }],
  ['the owner, at another event', { ...STOP, hook_event_name: 'PostToolUse' }],
])('%s is approved, and the build is not touched by a byte', async (_name, payload) => {
  const before = state();
  const ran = await hook.run([JSON.stringify(payload)], { args: claude });
  expect(ran.stdout).toBe('{"decision":"approve"}\n');
  expect(state()).toBe(before);
  expect(readdirSync(paths.builds)).toEqual([`${id}.json`]);
});

it('the record of a stop counts what is going to wake the session, a prompt that comes again and again too', async () => {
  const session_crons = [{ id: 'c1', cron: '*/5 * * * *', recurring: true, prompt: 'look' }];
  const payload = { ...STOP, session_id: 'session-b', background_tasks: [{}], session_crons };
  await hook.run([JSON.stringify(payload)], { args: claude });
  expect(log()).toMatchObject([{ session: 'session-b', verdict: 'approve', background: 2 }]);
});

it('the kill switch: nothing is read, nothing is written', async () => {
  rmSync(hook.state, { recursive: true });
  const env = { STOPGATE_DISABLE: '1' };
  expect((await hook.run([stop], { args: claude, env, open: true })).stdout).toBe(
    '{"decision":"approve"}\n',
  );
  expect((await hook.run([stop], { args: codex, env, open: true })).stdout).toBe('{}\n');
  expect(existsSync(hook.state)).toBe(false);
});

it.each<[string, string[], Record<string, string>]>([
  ['the kill switch', [stop], { STOPGATE_DISABLE: '1' }],
  ['a payload that is none', ['oops'], {}],
])('%s without --host: what both hosts take', async (_name, stdin, env) => {
  expect((await hook.run(stdin, { env })).stdout).toBe('{}\n');
});

it('a state directory that cannot be written: approved, and no other output', async () => {
  rmSync(paths.locks, { recursive: true, force: true });
  writeFileSync(paths.locks, 'a file where the locks belong');
  const before = state();
  const ran = await hook.run([stop], { args: claude });
  expect(ran).toMatchObject({ stdout: '{"decision":"approve"}\n', code: 0 });
  expect(state()).toBe(before);
});

it('a corrupt state file: set aside, approved', async () => {
  writeFileSync(paths.build(id), '{"schema":1,');
  const ran = await hook.run([stop], { args: claude });
  expect(ran).toMatchObject({ stdout: '{"decision":"approve"}\n', code: 0 });
  expect(readdirSync(paths.builds)).toEqual([expect.stringContaining('.corrupt-')]);
  expect(log()[0]).toMatchObject({ notes: [expect.stringContaining('corrupt')] });
});

it('a log that cannot be written changes no verdict', async () => {
  mkdirSync(paths.gateLog, { recursive: true });
  const ran = await hook.run([stop], { args: claude });
  expect(JSON.parse(ran.stdout).decision).toBe('block');
  expect(ran.code).toBe(0);
});

it('one unreadable state file of another build holds nothing up', async () => {
  mkdirSync(paths.build('unreadable'), { recursive: true });
  writeFileSync(join(paths.armedStop, 'unreadable'), '- - -\n');
  const ran = await hook.run([stop], { args: claude });
  expect(JSON.parse(ran.stdout).decision).toBe('block');
});

it('without a home: approved', async () => {
  const ran = await hook.run(['oops'], { args: codex, env: { HOME: '', STOPGATE_STATE_DIR: '' } });
  expect(ran).toMatchObject({ stdout: '{}\n', code: 0 });
});
