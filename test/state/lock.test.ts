import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { machineId } from '../../src/owner/machine.ts';
import { withLock } from '../../src/state/lock.ts';
import { scratchDir } from '../build/scratch.ts';
import { stampOfPid } from '../support/process-stamp.ts';
import { together } from './together.ts';

const lockPath = () => join(scratchDir(), 'locks', 'a.lock');

/** A process that lives until the test ends. */
function sleeper(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['30'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as ChildProcess & { pid: number };
}

/** How a process writes itself into a lock. */
function holderOf({ pid }: { pid: number }) {
  return { ...stampOfPid(pid), machine: machineId() };
}

async function ended() {
  const child = sleeper();
  const holder = holderOf(child);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return holder;
}

function hold(path: string, holder: object | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof holder === 'string' ? holder : JSON.stringify(holder));
}

const left = (path: string) => readdirSync(dirname(path));

it('runs the work under a lock that names this process, and leaves nothing behind', () => {
  const path = lockPath();
  const result = withLock(path, 0, () => {
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(holderOf(process));
    return 'done';
  });
  expect(result).toBe('done');
  expect(left(path)).toEqual([]);
});

it('lets go when the work throws', () => {
  const path = lockPath();
  const work = () => {
    throw new Error('no');
  };
  expect(() => withLock(path, 0, work)).toThrow('no');
  expect(left(path)).toEqual([]);
});

it('is refused to a second one in the same process, naming it', () => {
  const path = lockPath();
  withLock(path, 0, () => {
    expect(() => withLock(path, 20, () => 'never')).toThrow(`process ${process.pid}`);
    expect(existsSync(path)).toBe(true);
  });
});

it('waits for a living holder as long as it may, then says which process holds it', () => {
  const path = lockPath();
  const holder = holderOf(sleeper());
  hold(path, holder);
  const began = Date.now();
  expect(() => withLock(path, 200, () => 'never')).toThrow(
    expect.objectContaining({
      code: 'locked',
      message: expect.stringContaining(`process ${holder.pid}`),
      hint: expect.stringContaining('remove the lock file'),
    }),
  );
  expect(Date.now() - began).toBeGreaterThanOrEqual(200);
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(holder);
  expect(left(path)).toEqual(['a.lock']);
});

it('gets it as soon as the holder lets go', async () => {
  const path = lockPath();
  hold(path, holderOf(sleeper()));
  const remover = spawn('sh', ['-c', `sleep 0.2; rm '${path}'`], { stdio: 'ignore' });
  const began = Date.now();
  expect(withLock(path, 5000, () => 'done')).toBe('done');
  expect(Date.now() - began).toBeLessThan(5_000);
  await once(remover, 'exit');
});

it('breaks the lock of a dead holder at once', async () => {
  const path = lockPath();
  hold(path, await ended());
  expect(withLock(path, 0, () => 'done')).toBe('done');
  expect(left(path)).toEqual([]);
});

it('breaks the lock of a holder whose pid is another process now', () => {
  const path = lockPath();
  hold(path, { ...holderOf(sleeper()), start: 'boot:before' });
  expect(withLock(path, 0, () => 'done')).toBe('done');
});

it.each([
  ['could not tell its own start', { start: '' }],
  ['is on another machine', { machine: 'another', start: 'boot:there' }],
])('never breaks the lock of a holder that %s', (_name, changes) => {
  const path = lockPath();
  const holder = { ...holderOf(sleeper()), ...changes };
  hold(path, holder);
  expect(() => withLock(path, 50, () => 'never')).toThrow(
    expect.objectContaining({ code: 'locked' }),
  );
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(holder);
});

it('leaves a dead lock to the one that is breaking it', async () => {
  const path = lockPath();
  const holder = await ended();
  hold(path, holder);
  writeFileSync(`${path}.break-${holder.pid}`, '');
  expect(() => withLock(path, 50, () => 'never')).toThrow(
    expect.objectContaining({ code: 'locked' }),
  );
  expect(existsSync(path)).toBe(true);
});

it('does not wait for ever for a breaker that was killed', async () => {
  const path = lockPath();
  const holder = await ended();
  hold(path, holder);
  const marker = `${path}.break-${holder.pid}`;
  writeFileSync(marker, '');
  utimesSync(marker, 1, 1);
  expect(withLock(path, 1000, () => 'done')).toBe('done');
  expect(left(path)).toEqual([]);
});

it.each(['', '{', 'null', '{"pid":"7"}'])(
  'a fresh lock that names no holder (%j) is respected',
  (text) => {
    const path = lockPath();
    hold(path, text);
    expect(() => withLock(path, 30, () => 'never')).toThrow('another process');
  },
);

it.each(['', '{'])('an old lock that names no holder (%j) is what a power cut left', (text) => {
  const path = lockPath();
  hold(path, text);
  utimesSync(path, 1, 1);
  expect(withLock(path, 1000, () => 'done')).toBe('done');
});

it('processes that all come at once work one after the other', async () => {
  const path = lockPath();
  const counter = join(dirname(dirname(path)), 'counter');
  writeFileSync(counter, '0');
  const add = `for (let n = 0; n < 25; n++) withLock(${JSON.stringify(path)}, 20000, () => {
    const fs = process.getBuiltinModule('node:fs');
    fs.writeFileSync(${JSON.stringify(counter)}, String(Number(fs.readFileSync(${JSON.stringify(counter)}, 'utf8')) + 1));
  })`;
  await together(8, 'state/lock.ts', add);
  expect(readFileSync(counter, 'utf8')).toBe('200');
  expect(left(path)).toEqual([]);
});

it('processes that all find a dead lock break it once', async () => {
  const path = lockPath();
  const log = join(dirname(dirname(path)), 'log');
  hold(path, await ended());
  const work = `withLock(${JSON.stringify(path)}, 20000, () => {
    const fs = process.getBuiltinModule('node:fs');
    fs.appendFileSync(${JSON.stringify(log)}, '<');
    const until = Date.now() + 5;
    while (Date.now() < until) {}
    fs.appendFileSync(${JSON.stringify(log)}, '>');
  })`;
  await together(8, 'state/lock.ts', work);
  expect(readFileSync(log, 'utf8')).toBe('<>'.repeat(8));
  expect(left(path)).toEqual([]);
});
