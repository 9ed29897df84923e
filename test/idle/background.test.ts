import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stampOfPid } from '../support/process-stamp.ts';

/** What stands in for a process that runs as another user. */
let hides: string | null = null;
let code = 'EACCES';

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    readFileSync: (path: string, ...rest: [BufferEncoding]) => {
      if (path === hides) throw Object.assign(new Error(code), { code });
      return fs.readFileSync(path, ...rest);
    },
  };
});

const { hasBackgroundWork } = await import('../../src/idle/background.ts');

const isLinux = process.platform === 'linux';
let child: ChildProcess;

beforeEach(() => {
  child = spawn('sleep', ['60'], { stdio: 'ignore' });
});
afterEach(() => {
  hides = null;
  child.kill('SIGKILL');
});

const below = (pid: number) => hasBackgroundWork('session-nobody-has', stampOfPid(pid), null);

it.runIf(isLinux)(
  'what does not show its variables counts below this very Codex, and nowhere else',
  () => {
    expect(below(process.pid)).toBe(false);
    hides = `/proc/${child.pid}/environ`;
    code = 'EACCES';
    expect(below(process.pid)).toBe(true);
    expect(below(child.pid ?? 0)).toBe(false);
  },
);

it.runIf(isLinux)('what ended meanwhile is no work', () => {
  hides = `/proc/${child.pid}/environ`;
  code = 'ESRCH';
  expect(below(process.pid)).toBe(false);
});
