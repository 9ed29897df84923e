import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planWithAllow } from '../../src/config/allow/with-entries.ts';
import { readManifest } from '../../src/config/manifest.ts';
import { CLAUDE_RULES } from '../../src/hosts/claude/entries.ts';
import { makeScratch, packageRoot, type Scratch } from '../support/scratch.ts';

/** kill -9 at the entry of each system call that a command makes from its first write on. */

const hasStrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

/** The calls that change what is on disk: between two of them a kill leaves the same as before the second. */
const CHANGES = ['write', 'link', 'rename', 'unlink', 'mkdir', 'rmdir', 'symlink'];
/** And those around them. */
const CALLS = [...CHANGES, 'openat', 'fchmod', 'fchown', 'fsync', 'close'];

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

const settings = () => join(scratch.home, '.claude', 'settings.json');
const read = () => (existsSync(settings()) ? readFileSync(settings(), 'utf8') : null);

function put(text: string | null): void {
  mkdirSync(dirname(settings()), { recursive: true });
  rmSync(settings(), { force: true });
  if (text !== null) writeFileSync(settings(), text);
}

function stopgate(args: string[], wrapper: string[] = []) {
  const command = [...wrapper, process.execPath, join(packageRoot, 'dist/cli.js'), ...args];
  const [file = '', ...rest] = command;
  return spawnSync(file, rest, { cwd: scratch.project, env: scratch.env, encoding: 'utf8' });
}

interface Kill {
  readonly call: string;
  /** The how manieth of its kind, from the start of the process. */
  readonly nth: number;
}

/** The calls that such a command makes, from the first that creates a file on; opening a file to read changes nothing. */
function callsOf(args: string[], calls: string[]): Kill[] {
  const trace = join(scratch.root, 'trace');
  stopgate(args, ['strace', '-o', trace, '-e', `trace=${CALLS.join(',')}`]);
  const seen = new Map<string, number>();
  const kills = readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const call = /^(\w+)\(/.exec(line)?.[1];
      if (call === undefined) return [];
      const nth = (seen.get(call) ?? 0) + 1;
      seen.set(call, nth);
      const creates = line.includes('O_CREAT');
      return [{ call, nth, creates, reads: call === 'openat' && !creates }];
    });
  const first = kills.findIndex(({ creates }) => creates);
  return kills.slice(first).filter(({ call, reads }) => calls.includes(call) && !reads);
}

function killAt({ call, nth }: Kill, args: string[]): boolean {
  const inject = `inject=${call}:signal=KILL:when=${nth}`;
  const options = ['-o', '/dev/null', '-e', `trace=${call}`, '-e', inject];
  return stopgate(args, ['strace', ...options]).signal === 'SIGKILL';
}

describe.skipIf(!hasStrace)('kill -9 at every system call', () => {
  it.each<[string, string | null, string[]]>([
    ['that adds to a file', '{\r\n\t"model": "opus"\r\n}', CALLS],
    ['that creates the file', null, CHANGES],
  ])(
    'of an install %s leaves old or new bytes, and the next install goes on',
    { timeout: 600_000 },
    (_name, before, calls) => {
      put(before);
      stopgate(['install']);
      const installed = read();
      put(before);
      const kills = callsOf(['install'], calls);
      const found = new Map<string | null, number>();

      for (const kill of kills) {
        put(before);
        if (!killAt(kill, ['install'])) continue;
        const left = read();
        expect([before, installed], `${kill.call} ${kill.nth}`).toContain(left);
        found.set(left, (found.get(left) ?? 0) + 1);
        expect(stopgate(['install'])).toMatchObject({ status: 0, stderr: '' });
        expect(read()).toBe(installed);
        expect(readdirSync(dirname(settings()))).toEqual(['settings.json']);
        const { origin } = readManifest(scratch.data).settings[settings()] ?? {};
        const removal = planWithAllow(installed, [], 'remove', CLAUDE_RULES, origin);
        expect(removal.kind === 'edit' && removal.text).toBe(before ?? '{}\n');
      }

      expect(found.get(before)).toBeGreaterThan(10);
      expect(found.get(installed)).toBeGreaterThan(1);
    },
  );

  it('of an uninstall leaves old or new bytes, and the next uninstall goes on', {
    timeout: 600_000,
  }, () => {
    const before = '{"hooks": { }}\n';
    put(before);
    stopgate(['install', '--allow']);
    const installed = read();
    const kills = callsOf(['uninstall'], CHANGES);
    const found = new Map<string | null, number>();

    for (const kill of kills) {
      stopgate(['install', '--allow']);
      expect(read()).toBe(installed);
      if (!killAt(kill, ['uninstall'])) continue;
      const left = read();
      expect([before, installed], `${kill.call} ${kill.nth}`).toContain(left);
      found.set(left, (found.get(left) ?? 0) + 1);
      expect(stopgate(['uninstall'])).toMatchObject({ status: 0, stderr: '' });
      expect(read()).toBe(before);
    }

    expect(found.get(before)).toBeGreaterThan(5);
    expect(found.get(installed)).toBeGreaterThan(5);
  });
});
