import { execFile, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/config/backup.ts';
import { readManifest } from '../../src/config/manifest.ts';
import { planSettings } from '../../src/config/plan.ts';
import { CLAUDE_RULES } from '../../src/hosts/claude/entries.ts';
import { registered } from '../support/installed-tree.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

const run = promisify(execFile);
let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch("o'häuser $x home");
});
afterEach(() => scratch.remove());

type Env = Record<string, string>;
function stopgate(args: string[], env: Env = {}, cwd = scratch.project) {
  return spawnSync('stopgate', args, { cwd, env: { ...scratch.env, ...env }, encoding: 'utf8' });
}
const userSettings = () => join(scratch.home, '.claude', 'settings.json');
const stopCommand = (path: string): string =>
  JSON.parse(readFileSync(path, 'utf8')).hooks.Stop.at(-1).hooks[0].command;

/** Every path below the home, with what a write would change. */
function footprint(): string[] {
  return readdirSync(scratch.home, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { ino, mode, mtimeMs, size } = lstatSync(join(scratch.home, name));
      return [
        name,
        ino,
        mode,
        lstatSync(join(scratch.home, name)).isFile() ? mtimeMs : 0,
        size,
      ].join(' ');
    });
}

/** What a host does with a registered command. */
function fire(command: string, env: Env = {}) {
  const event = {
    session_id: 's',
    transcript_path: '/t',
    cwd: '/',
    hook_event_name: 'Stop',
    stop_hook_active: false,
  };
  const input = `${JSON.stringify(event)}\n`;
  return spawnSync('/bin/sh', ['-c', command], {
    cwd: '/',
    env: { ...scratch.env, ...env },
    input,
    encoding: 'utf8',
  });
}

describe('install', () => {
  it('registers a command that runs, and says what it wrote, how to undo it and how to switch it off', () => {
    const { status, stdout } = stopgate(['install', '--host', 'claude', '--scope', 'user']);
    expect(status).toBe(0);
    expect(stdout).toContain(`wrote  ${userSettings()}`);
    expect(stdout).toContain('bin/stopgate-hook');
    expect(stdout).toContain('Undo: stopgate uninstall');
    expect(stdout).toContain('STOPGATE_DISABLE=1');
    const command = stopCommand(userSettings());
    expect(command).toBe(registered());
    const fired = fire(command);
    expect([fired.status, JSON.parse(fired.stdout)]).toEqual([0, { decision: 'approve' }]);
  });

  it('runs the bundle of the current version once a build is armed', () => {
    stopgate(['install']);
    stopgate(['build', 'start', 'paint the shed', '--owner-session', 's']);
    expect(JSON.parse(fire(stopCommand(userSettings())).stdout)).toMatchObject({
      decision: 'block',
    });
  });

  it('changes nothing at all the second time', () => {
    mkdirSync(join(scratch.home, '.claude'));
    writeFileSync(userSettings(), '{"model": "opus"}');
    stopgate(['install']);
    const before = footprint();
    const { status, stdout } = stopgate(['install']);
    expect(status).toBe(0);
    expect(stdout).toContain('unchanged');
    expect(footprint()).toEqual(before);
  });

  it('restores a file of its own that was damaged, and leaves the settings', () => {
    stopgate(['install']);
    const settings = statSync(userSettings());
    writeFileSync(join(scratch.data, 'current', 'hooks', 'stop-gate-router.cjs'), 'damaged');
    const { stdout } = stopgate(['install', '--json']);
    expect(JSON.parse(stdout).sites[0].install.files).toEqual([
      expect.stringContaining('hooks/stop-gate-router.cjs'),
    ]);
    expect(
      readFileSync(join(scratch.data, 'current', 'hooks', 'stop-gate-router.cjs'), 'utf8'),
    ).not.toBe('damaged');
    expect(statSync(userSettings()).mtimeMs).toBe(settings.mtimeMs);
  });

  it('records enough to give the file back to the byte', () => {
    const before = '{\r\n\t"hooks": { "Stop": [ ] }\r\n}';
    mkdirSync(join(scratch.home, '.claude'));
    writeFileSync(userSettings(), before);
    stopgate(['install']);
    const record = readManifest(scratch.data).settings[userSettings()];
    const after = readFileSync(userSettings(), 'utf8');
    expect(record).toMatchObject({ host: 'claude', scope: 'user', sha256: sha256(after) });
    const removal = planSettings(after, [], CLAUDE_RULES, record?.origin);
    expect(removal.kind === 'edit' && removal.text).toBe(before);
  });

  it('shows a dry run as a difference and writes nothing', () => {
    mkdirSync(join(scratch.home, '.claude'));
    writeFileSync(userSettings(), '{\n\t"model": "opus"\n}\n');
    const before = footprint();
    const { status, stdout } = stopgate(['install', '--dry-run']);
    expect(status).toBe(0);
    expect(stdout).toContain(`--- ${userSettings()}`);
    expect(stdout).toContain('\n+\t"model": "opus",\n+\t"hooks": {');
    expect(footprint()).toEqual(before);
  });

  it('prints one JSON object for programs', () => {
    const report = JSON.parse(stopgate(['install', '--json']).stdout);
    expect(report.sites).toHaveLength(1);
    expect(report.sites[0].install).toMatchObject({
      host: 'claude',
      scope: 'user',
      dryRun: false,
      entries: expect.arrayContaining([{ event: 'Stop', command: stopCommand(userSettings()) }]),
      settings: {
        kind: 'edited',
        path: userSettings(),
        target: userSettings(),
        created: true,
        backup: null,
      },
    });
    const again = JSON.parse(stopgate(['install', '--json']).stdout);
    expect(again.sites[0].install.settings.kind).toBe('unchanged');
  });
});

describe('scopes', () => {
  it('follows CLAUDE_CONFIG_DIR for the user', () => {
    const dir = join(scratch.root, 'cfg dir');
    expect(stopgate(['install'], { CLAUDE_CONFIG_DIR: dir }).status).toBe(0);
    expect(stopCommand(join(dir, 'settings.json'))).toContain('stopgate-hook');
    expect(existsSync(userSettings())).toBe(false);
  });

  it.each([
    ['project', 'settings.json'],
    ['local', 'settings.local.json'],
  ])('writes %s settings at the top of the working tree', (scope, name) => {
    spawnSync('git', ['init', '-q', scratch.project], { env: scratch.env });
    const below = join(scratch.project, 'a', 'b');
    mkdirSync(below, { recursive: true });
    expect(stopgate(['install', '--scope', scope], {}, below).status).toBe(0);
    expect(stopCommand(join(scratch.project, '.claude', name))).toContain('stopgate-hook');
    expect(readdirSync(join(scratch.project, '.claude'))).toContain(name);
  });

  it('quotes a data directory of any name for sh', () => {
    const env = { XDG_DATA_HOME: join(scratch.root, `d'a "t" $a`) };
    stopgate(['install'], env);
    const command = stopCommand(userSettings());
    expect(command).toMatch(/ '\/.*stopgate-hook' /);
    expect(JSON.parse(fire(command).stdout)).toEqual({ decision: 'approve' });
  });
});

describe('refusals', () => {
  it('names file, line and column, and writes nothing anywhere', () => {
    mkdirSync(join(scratch.home, '.claude'));
    writeFileSync(userSettings(), '{\n  "a": 1,\n  // mine\n}\n');
    const before = footprint();
    const { status, stdout, stderr } = stopgate(['install']);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${userSettings()}:3:3: a comment`);
    expect(stderr).toContain('Remove the comment');
    expect(footprint()).toEqual(before);
  });

  it('writes for no host where the settings of one refuse', () => {
    mkdirSync(join(scratch.home, '.codex'));
    writeFileSync(join(scratch.home, '.codex', 'hooks.json'), '{ // mine\n}');
    const before = footprint();
    const { status, stdout, stderr } = stopgate(['install', '--host', 'all']);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('hooks.json:1:3: a comment');
    expect(footprint()).toEqual(before);
  });

  it.each([[['--scope', 'galaxy']], [['--host', 'emacs']]])('calls %j a usage error', (args) => {
    expect(stopgate(['install', ...args]).status).toBe(2);
  });
});

describe('twenty installs at once beside a program that rewrites the file', () => {
  it.each(['rename', 'in place'])(
    '%s: valid at every instant, and no entry lost',
    { timeout: 90_000 },
    async (how) => {
      mkdirSync(join(scratch.home, '.claude'));
      const path = userSettings();
      writeFileSync(path, '{}');
      let done = false;
      const seen = { reads: 0, invalid: 0, written: 0, lost: 0 };

      /** Adds one key at a time, as a careful program does: it reads, and writes at once what it read and its key. */
      const rewriter = async () => {
        while (!done) {
          const settings = JSON.parse(readFileSync(path, 'utf8'));
          for (let n = 0; n < seen.written; n += 1) if (!(`k${n}` in settings)) seen.lost += 1;
          settings[`k${seen.written}`] = 'x'.repeat(Math.random() * 200);
          if (Math.random() < 0.3) delete settings.hooks;
          const text = JSON.stringify(settings, null, 2);
          if (how === 'rename') {
            writeFileSync(`${path}.theirs`, text);
            renameSync(`${path}.theirs`, path);
          } else {
            writeFileSync(path, text);
          }
          seen.written += 1;
          await sleep(20 + Math.random() * 60);
        }
      };
      const watcher = spawn(process.execPath, ['-e', WATCH, path], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const counts = new Promise<string>((resolve) =>
        watcher.stdout.once('data', (data) => resolve(String(data))),
      );
      const writing = rewriter();
      const installs = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          run('stopgate', ['install'], { env: scratch.env, cwd: scratch.project }),
        ),
      );
      done = true;
      await writing;
      watcher.stdin.end();
      const [reads = 0, invalid] = JSON.parse(await counts);

      for (const install of installs) {
        if (install.status === 'rejected')
          expect(install.reason.stderr).toMatch(
            /being changed by another program|is held by process/,
          );
      }
      expect(seen.lost).toBe(0);
      expect(reads).toBeGreaterThan(100);
      if (how === 'rename') expect(invalid).toBe(0);
      expect(stopgate(['install']).status).toBe(0);
      const settings = JSON.parse(readFileSync(path, 'utf8'));
      expect(Object.keys(settings).filter((key) => key.startsWith('k'))).toHaveLength(seen.written);
      expect(settings.hooks.Stop).toHaveLength(1);
    },
  );
});

/** Reads a file as fast as it can until stdin ends, and prints how often, and how often it was no JSON. */
const WATCH = `
  const { readFileSync } = require('node:fs');
  let reads = 0, invalid = 0;
  const timer = setInterval(() => {
    for (let n = 0; n < 20; n += 1) {
      reads += 1;
      try { JSON.parse(readFileSync(process.argv[1], 'utf8')); } catch { invalid += 1; }
    }
  }, 2);
  process.stdin.on('end', () => { clearInterval(timer); console.log(JSON.stringify([reads, invalid])); }).resume();
`;
