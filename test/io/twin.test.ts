import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { HookEvent } from '../../src/hosts/host.ts';
import { HOSTS } from '../../src/hosts/index.ts';
import { fingerprint } from '../../src/io/fingerprint.ts';
import { hasSpokenSince, transcriptSize } from '../../src/io/spoken.ts';
import { isRunning, originOf, originWithoutTable } from '../../src/io/this-call.ts';
import { callerOf, takeEvent } from '../../src/io/twin.ts';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';
import { together } from '../state/together.ts';

let dir: string;
let paths: StatePaths;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stopgate-twin-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  paths = statePaths(join(dir, 'state'));
});

const payload = (more: object = {}) => ({
  session_id: 's',
  cwd: '/',
  hook_event_name: 'Stop',
  prompt_id: 'p',
  ...more,
});
const event = (more: object = {}): HookEvent => HOSTS.claude.parseEvent(payload(more));
const take = () => takeEvent(['build'], event(), payload(), paths);
const file = () => paths.calls('s-Stop');

it.each<[string, () => void]>([
  ['a directory', () => mkdirSync(file(), { recursive: true })],
  ['a pipe', () => execFileSync('mkfifo', [file()])],
  ['lines that no version wrote', () => writeFileSync(file(), 'x\n{"event":1}\n[]\n{"since":')],
  ['a line that a crash cut short', () => cutShort()],
])('with %s in the place of what calls wrote down, a call does everything', (_name, prepare) => {
  mkdirSync(dirname(file()), { recursive: true });
  prepare();
  expect(take()).toEqual(['build']);
});

function cutShort(): void {
  take();
  writeFileSync(file(), readFileSync(file(), 'utf8').trimEnd().slice(0, -20));
}

it('finds the calls that came after a line that a crash cut short', () => {
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(file(), '{"event":"');
  take();
  const { by, since, ...first } = JSON.parse(
    readFileSync(file(), 'utf8').trim().split('\n')[1] ?? '',
  );
  rmSync(file());
  appendFileSync(file(), `{"event":"\n${JSON.stringify({ ...first, by: 'another', since })}\n`);
  expect(take()).toEqual([]);
});

it('writes nothing for a hook without parts', () => {
  expect(takeEvent([], event(), payload(), paths)).toEqual([]);
  expect(() => readFileSync(file())).toThrow('ENOENT');
});

it('lets one of many processes do it that write themselves down in the same moment', async () => {
  const done = join(dir, 'done');
  for (const [sort, plugin] of [
    ['alike', "''"],
    ['different', 'String(index)'],
  ]) {
    const code = `
      process.env.CLAUDE_PLUGIN_ROOT = ${plugin};
      const event = { sessionId: '${sort}', name: 'Stop', transcriptPath: null };
      const paths = { calls: (name) => '${dir}/' + name };
      const left = takeEvent(['build'], event, {}, paths);
      if (left.length > 0) require('node:fs').appendFileSync('${done}', '${sort} ');`;
    await together(6, 'io/twin.ts', code);
  }
  expect(readFileSync(done, 'utf8')).toBe('alike different ');
});

it('tells where it was called from, and that this very process runs', () => {
  const origin = originOf([], { CLAUDE_PID: '7' });
  expect(origin.agent).toBe('7');
  expect(origin.since).toBeLessThanOrEqual(origin.at);
  expect(isRunning(origin)).toBe(process.platform === 'linux');
  expect(isRunning({ ...origin, since: origin.since - 1 })).toBe(false);
});

it('without a process table, times are of a clock that this machine started with', async () => {
  const [one, two] = [originWithoutTable({}), originWithoutTable({})];
  expect(one).toMatchObject({ agent: '', boot: two.boot });
  expect(one.since).toBeLessThan(one.at);
  const out = join(dir, 'origin');
  const code = `require('node:fs').writeFileSync('${out}', JSON.stringify(originWithoutTable({})))`;
  await together(1, 'io/this-call.ts', code);
  const child = JSON.parse(readFileSync(out, 'utf8'));
  expect(child.boot).toBe(one.boot);
  expect(child.since).toBeGreaterThan(one.at);
});

it.each<[string, string, string]>([
  ['source and compiled code', '/d/current/hooks/stop.cjs', '/d/current/boot.cjs'],
])('%s of one launcher are one registration', (_name, one, other) => {
  expect(callerOf(['node', one, 'stop'], {})).toBe(callerOf(['node', other, 'stop'], {}));
});

it.each<[string, string[], object]>([
  ['another launcher', ['/e/current/boot.cjs', 'stop'], {}],
  ['another entry', ['/d/current/boot.cjs', 'build-stop'], {}],
  ['a plugin', ['/d/current/boot.cjs', 'stop'], { CLAUDE_PLUGIN_ROOT: '/p' }],
])('%s is another registration', (_name, args, env) => {
  const settings = callerOf(['node', '/d/current/boot.cjs', 'stop'], {});
  expect(callerOf(['node', ...args], { ...env })).not.toBe(settings);
});

it('names payloads apart by their ends and their length', () => {
  const long = 'a'.repeat(1_000_000);
  const all = ['', 'a', 'b', 'ab', 'ba', `${long}b`, `b${long}`, long, `${long}a`, 'é', 'e'];
  expect(new Set(all.map(fingerprint)).size).toBe(all.length);
  for (const text of all) expect(fingerprint(text)).toMatch(/^[0-9a-z]{14}$/);
});

it('knows that the model spoke by what the transcript got, and never guesses', () => {
  const path = join(dir, 't.jsonl');
  expect(transcriptSize(null)).toBe(-1);
  expect(transcriptSize(path)).toBe(-1);
  writeFileSync(path, '{"type":"assistant","message":{"role":"assistant"}}\n');
  const size = transcriptSize(path);
  expect(size).toBeGreaterThan(0);
  expect(hasSpokenSince(path, size)).toBe(false);
  appendFileSync(path, `${JSON.stringify({ type: 'progress', text: '{"role":"assistant"}' })}\n`);
  expect(hasSpokenSince(path, size)).toBe(false);
  appendFileSync(path, '{"payload":{"type":"message","role":"assistant"}}\n');
  expect(hasSpokenSince(path, size)).toBe(true);
  expect(hasSpokenSince(path, -1)).toBe(false);
  expect(hasSpokenSince(dir, 0)).toBe(false);
  expect(hasSpokenSince('/dev/zero', 0)).toBe(false);
});
