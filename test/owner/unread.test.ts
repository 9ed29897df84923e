import { afterEach, expect, it, vi } from 'vitest';
import { stampOfPid } from '../support/process-stamp.ts';

/** What stands in for a system that hides something; everything else is read as it is. */
let fails: (path: string) => string | null = () => null;

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    readFileSync: (path: string, ...rest: [BufferEncoding]) => {
      const code = fails(path);
      if (code !== null) throw Object.assign(new Error(code), { code });
      return fs.readFileSync(path, ...rest);
    },
  };
});

const { livenessOf, readProcess } = await import('../../src/owner/process.ts');
const { readTable } = await import('../../src/owner/table.ts');
const { commandLineOf } = await import('../../src/owner/command-line.ts');
const { isAtPrompt } = await import('../../src/owner/prompt.ts');

const isLinux = process.platform === 'linux';

afterEach(() => {
  fails = () => null;
});

// First: what a boot is called is read once.
it.runIf(isLinux)('calls nothing dead where the system does not say which boot this is', () => {
  fails = (path) => (path.endsWith('boot_id') ? 'ENOENT' : null);
  expect(readProcess(process.pid)).toBeUndefined();
  expect(livenessOf({ pid: process.pid, start: 'boot:1' })).toBe('unknown');
});

it.runIf(isLinux)('a process that is there and cannot be read is neither alive nor dead', () => {
  const stamp = stampOfPid();
  fails = (path) => (path === `/proc/${process.pid}/stat` ? 'EMFILE' : null);
  expect(livenessOf(stamp)).toBe('unknown');
  const table = readTable();
  expect(livenessOf(stamp, table?.get)).toBe('unknown');
  expect(table?.hidden).toContain(process.pid);
  fails = (path) => (path === `/proc/${process.pid}/stat` ? 'ESRCH' : null);
  expect(livenessOf(stamp)).toBe('dead');
});

it.runIf(isLinux)('a shell whose command line cannot be read is not at its prompt', () => {
  fails = (path) => (path.endsWith('/cmdline') ? 'EACCES' : null);
  expect(commandLineOf(process.pid)).toBeNull();
  expect(isAtPrompt({ pid: process.pid, start: '', ppid: 1, state: 'S', name: 'sh' })).toBe(false);
  fails = (path) => (path.endsWith('/cmdline') ? 'ENOENT' : null);
  expect(commandLineOf(process.pid)).toEqual([]);
});
