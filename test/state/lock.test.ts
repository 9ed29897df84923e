import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { machineId } from '../../src/owner/machine.ts';
import { readProcess } from '../../src/owner/process.ts';
import { writeAtomic } from '../../src/state/atomic.ts';
import { startHeartbeat } from '../../src/state/heartbeat.ts';
import { withLock } from '../../src/state/lock.ts';
import { sleepSync } from '../../src/state/sleep.ts';
import { scratchDir } from '../build/scratch.ts';
import { stampOfPid } from '../support/process-stamp.ts';
import { until } from '../support/until.ts';
import { alone, together } from './together.ts';

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
    const token = expect.any(String);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ ...holderOf(process), token });
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

describe.each([
  ['could not tell its own start', { start: '' }],
  ['is on another machine', { machine: 'another', start: 'boot:there' }],
  ['is in another PID namespace', { namespace: '4026532177:66443' }],
  ['is of stopgate 0.1, which named no namespace', { namespace: undefined }],
])('a holder that %s', (_name, changes) => {
  const held = () => {
    const path = lockPath();
    const holder = { ...holderOf(sleeper()), ...changes };
    hold(path, holder);
    return { path, holder };
  };

  it('keeps its lock for a minute after its last sign of life', () => {
    const { path, holder } = held();
    utimesSync(path, Date.now() / 1000, Date.now() / 1000 - 50);
    expect(() => withLock(path, 50, () => 'never')).toThrow(
      expect.objectContaining({ code: 'locked' }),
    );
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(holder)));
  });

  it.each([
    ['a minute', -65],
    ['a clock that was set back a day', 86_400],
  ])('loses it after %s', (_after, seconds) => {
    const { path } = held();
    utimesSync(path, Date.now() / 1000, Date.now() / 1000 + seconds);
    expect(withLock(path, 0, () => 'done')).toBe('done');
    expect(left(path)).toEqual([]);
  });
});

it('a holder that lost its lock while it was stopped writes nothing, and leaves the new one alone', () => {
  const path = lockPath();
  const state = join(dirname(path), 'state.json');
  writeAtomic(state, 'before');
  const other = JSON.stringify(holderOf(sleeper()));
  const work = () => {
    unlinkSync(path);
    writeFileSync(path, other);
    writeAtomic(state, 'after');
  };
  expect(() => withLock(path, 0, work)).toThrow(expect.objectContaining({ code: 'lock-lost' }));
  expect(readFileSync(state, 'utf8')).toBe('before');
  expect(readFileSync(path, 'utf8')).toBe(other);
  expect(left(path).sort()).toEqual(['a.lock', 'state.json']);
});

it('a lock within a lock: what is written under the inner one needs the outer one too', () => {
  const path = lockPath();
  const state = join(dirname(path), 'state.json');
  const work = () => {
    unlinkSync(path);
    withLock(`${path}.inner`, 0, () => writeAtomic(state, 'after'));
  };
  expect(() => withLock(path, 0, work)).toThrow(expect.objectContaining({ code: 'lock-lost' }));
  expect(existsSync(state)).toBe(false);
  writeAtomic(state, 'no lock is held any more');
});

it('a lock that comes back after its holder let it go holds nobody', () => {
  const path = lockPath();
  withLock(path, 0, () => renameSync(path, `${path}.away`));
  renameSync(`${path}.away`, path);
  expect(withLock(path, 0, () => 'done')).toBe('done');
  expect(left(path)).toEqual([]);
});

it('a breaker that was stopped for long puts a living lock back', async () => {
  const path = lockPath();
  const state = join(dirname(path), 'state.json');
  hold(path, await ended());
  // It stops right before it takes the dead lock away, by whatever call.
  const breaker = alone(
    scratchDir(),
    'state/lock.ts',
    `const fs = process.getBuiltinModule('node:fs');
    let once = false;
    for (const name of ['renameSync', 'unlinkSync', 'rmSync']) {
      const call = fs[name];
      fs[name] = (file, ...rest) => {
        if (file === ${JSON.stringify(path)} && !once) {
          once = true;
          process.kill(process.pid, 'SIGSTOP');
        }
        return call(file, ...rest);
      };
    }
    withLock(${JSON.stringify(path)}, 0, () => undefined);`,
  );
  onTestFinished(() => void breaker.kill('SIGKILL'));
  const stateOf = () => readProcess(breaker.pid)?.state ?? 'gone';
  await until('the breaker to stop', () => stateOf() === 'T');
  for (const marker of left(path).filter((name) => name.includes('.break-')))
    utimesSync(join(dirname(path), marker), 1, 1);
  withLock(path, 1_000, () => {
    const mine = readFileSync(path, 'utf8');
    process.kill(breaker.pid, 'SIGCONT');
    while (!/^(Z|gone)/.test(stateOf())) sleepSync(5);
    expect(readFileSync(path, 'utf8')).toBe(mine);
    writeAtomic(state, 'mine');
  });
  expect(readFileSync(state, 'utf8')).toBe('mine');
  expect(left(path)).toEqual(['state.json']);
});

it('waits as long as it may when the clock is set back a day', () => {
  const path = lockPath();
  hold(path, holderOf(sleeper()));
  const real = Date.now;
  const began = real();
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => {
    // A wait that follows the clock ends here, by another error.
    if (real() - began > 20_000) throw new Error('still waiting');
    return real() - (real() > began + 50 ? 86_400_000 : 0);
  });
  onTestFinished(() => clock.mockRestore());
  expect(() => withLock(path, 200, () => 'never')).toThrow(
    expect.objectContaining({ code: 'locked' }),
  );
});

it('a long holder shows that it is there while its thread is blocked', async () => {
  const path = lockPath();
  hold(path, holderOf(sleeper()));
  const text = readFileSync(path, 'utf8');
  const end = startHeartbeat({ path, text }, 20);
  onTestFinished(end);
  const ageNow = () => Date.now() - statSync(path).mtimeMs;
  utimesSync(path, 1, 1);
  const began = Date.now();
  while (ageNow() > 60_000 && Date.now() - began < 20_000) sleepSync(20);
  expect(ageNow()).toBeLessThan(60_000);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('a heartbeat leaves the lock of another holder alone', async () => {
  const path = lockPath();
  hold(path, holderOf(sleeper()));
  onTestFinished(startHeartbeat({ path, text: '{"pid":1}' }, 10));
  utimesSync(path, 1, 1);
  await sleep(500);
  expect(statSync(path).mtimeMs).toBe(1000);
});

it.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EACCES'])(
  'works one after the other on a file system without hard links (%s)',
  async (code) => {
    const path = lockPath();
    const counter = join(dirname(dirname(path)), 'counter');
    writeFileSync(counter, '0');
    hold(path, await ended());
    const add = `const fs = process.getBuiltinModule('node:fs');
    fs.linkSync = () => { throw Object.assign(new Error('no links'), { code: '${code}' }); };
    for (let n = 0; n < 25; n++) withLock(${JSON.stringify(path)}, 20000, () => {
      fs.writeFileSync(${JSON.stringify(counter)}, String(Number(fs.readFileSync(${JSON.stringify(counter)}, 'utf8')) + 1));
    })`;
    await together(4, 'state/lock.ts', add);
    expect(readFileSync(counter, 'utf8')).toBe('100');
    expect(left(path)).toEqual([]);
  },
);

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
