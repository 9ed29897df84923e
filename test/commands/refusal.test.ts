import { fsyncSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asRefusal } from '../../src/commands/refusal.ts';
import { StopgateError } from '../../src/errors.ts';
import { codexRulesPath } from '../../src/hosts/codex/rules.ts';
import { writeAtomic } from '../../src/state/atomic.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return { ...real, fsyncSync: vi.fn(real.fsyncSync) };
});

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stopgate-refusal-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const failure = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: it failed`), {
    code,
    path: '/state/x',
    syscall: 'open',
    ...more,
  });
const START = ['build', 'start', "Port the parser, don't stop"];

function hintFor(words: string[], env: Record<string, string> = {}): string | undefined {
  return asRefusal(failure('EROFS'), words, { HOME: home, ...env }).hint;
}

describe('a state directory that cannot be written', () => {
  const codex = { CODEX_THREAD_ID: 't' };
  const quoted = String.raw`stopgate build start 'Port the parser, don'\''t stop'`;

  it.each(['EROFS', 'EACCES', 'EPERM'])('%s is refused, and named', (code) => {
    const { message, exitCode } = asRefusal(failure(code), START, { HOME: home });
    expect([message, exitCode]).toEqual([`Cannot write /state/x (${code}).`, 1]);
  });

  it('is what a failed recursive mkdir means too', () => {
    const { code } = asRefusal(failure('ENOENT', { syscall: 'mkdir' }), START, { HOME: home });
    expect(code).toBe('read-only');
  });

  it('a file that cannot be read is not called one that cannot be written', () => {
    const path = join(home, 'sessions');
    const refusal = asRefusal(failure('EACCES', { path, syscall: 'scandir' }), ['status'], {});
    expect(refusal).toMatchObject({
      code: 'unreadable',
      exitCode: 1,
      message: `Cannot read ${path} (EACCES).`,
      hint: expect.stringContaining(`ls -ld ${path}`),
    });
    expect(refusal.hint).not.toContain('STOPGATE_STATE_DIR');
  });

  it('in Codex without the rule: what a person does once, and what the agent runs then', () => {
    expect(hintFor(START, codex)).toContain(
      'outside of Codex, once: stopgate install --host codex',
    );
    expect(hintFor(START, codex)).toContain(`in a new session: ${quoted}`);
  });

  it('in Codex with the rule: the same command on its own', () => {
    const rules = codexRulesPath({ HOME: home });
    mkdirSync(dirname(rules), { recursive: true });
    writeFileSync(rules, '');
    expect(hintFor(START, codex)).toContain(`as a command of its own: ${quoted}`);
  });

  it('in Codex, a command that no rule lets out belongs into a terminal', () => {
    expect(hintFor(['install', '--host', 'codex'], codex)).toContain(
      'in a terminal outside of Codex: stopgate install --host codex',
    );
  });

  it('elsewhere: on its own, or with another directory', () => {
    expect(hintFor(START)).toContain(`outside the sandbox: ${quoted}\n`);
    expect(hintFor(START)).toContain('STOPGATE_STATE_DIR');
  });
});

it.each(['ENOSPC', 'EDQUOT'])('calls a full disk what it is: %s', (code) => {
  expect(asRefusal(failure(code), [])).toMatchObject({ code: 'disk-full', exitCode: 1 });
});

it('knows a spent quota by its number: Node has no name for it', () => {
  const errno = process.platform === 'linux' ? -122 : -69;
  const unnamed = failure(`Unknown system error ${errno}`, { errno });
  expect(asRefusal(unnamed, [])).toMatchObject({ code: 'disk-full', exitCode: 1 });
  const other = asRefusal(failure('Unknown system error -117', { errno: -117 }), []);
  expect(other).toMatchObject({ code: 'system', exitCode: 1 });
  expect(other.message).toContain('Unknown system error -117');
});

describe('something else where a file or a directory of ours belongs', () => {
  const at = (name: string) => join(home, name);
  const thrownBy = (work: () => void): unknown => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };

  it.each<[string, () => void, () => string]>([
    [
      'a file far above',
      () => mkdirSync(at('file/a/b'), { recursive: true }),
      () => `${at('file')} is a file; a directory was expected.`,
    ],
    [
      'a directory',
      () => writeAtomic(at('dir'), 'x'),
      () => `${at('dir')} is a directory; a file was expected.`,
    ],
    ['a file', () => mkdirSync(at('file')), () => `${at('file')} is in the way.`],
  ])('is named: %s', (_what, work, message) => {
    writeFileSync(at('file'), '');
    mkdirSync(at('dir'));
    const refusal = asRefusal(thrownBy(work), []);
    expect(refusal).toMatchObject({ code: 'obstructed', exitCode: 1, message: message() });
    expect(refusal.hint).toBe('Move it away, then run the command again.');
  });
});

it('names the file that a write failed for', () => {
  vi.mocked(fsyncSync).mockImplementationOnce(() => {
    throw Object.assign(new Error('ENOSPC: no space left, fsync'), { code: 'ENOSPC' });
  });
  const path = join(home, 'state.json');
  const write = () => writeAtomic(path, 'x');
  expect(write).toThrow(expect.objectContaining({ path }));
});

it.each([
  ['EIO', 'The system reports EIO at read: the disk or its file system fails.', 'dmesg'],
  [
    'EMFILE',
    'The system reports EMFILE at read: this process has too many files open.',
    'ulimit -n',
  ],
  ['EXDEV', 'The system reports EXDEV at read.', 'again'],
])('an error of the system is told in words, and is no defect: %s', (code, message, help) => {
  const refusal = asRefusal(failure(code, { path: undefined, syscall: 'read' }), []);
  expect(refusal).toMatchObject({ code: 'system', exitCode: 1, message });
  expect(refusal.hint).toContain(help);
});

it('passes a refusal on, and calls anything else a defect', () => {
  const refusal = new StopgateError('locked', 'held');
  expect(asRefusal(refusal, [])).toBe(refusal);
  expect(asRefusal(new TypeError('x'), [])).toMatchObject({ code: 'unexpected', exitCode: 1 });
  expect(asRefusal('x', []).message).toBe('Unexpected failure: x');
});
