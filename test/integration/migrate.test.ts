import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/config/backup.ts';
import { guarded } from '../../src/config/guard.ts';
import { readManifest, updateManifest } from '../../src/config/manifest.ts';
import { CLAUDE_ALLOW } from '../../src/hosts/claude/allow.ts';
import { RULES_TEXT } from '../../src/hosts/codex/rules.ts';
import { cliSync } from '../support/cli.ts';
import { fakeCodex } from '../support/fake-codex.ts';
import { NEXT_VERSION, nextVersion } from '../support/next-version.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

type Env = Record<string, string>;

function run(file: string, args: string[], env: Env = {}, cwd = scratch.project) {
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env: { ...scratch.env, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const stopgate = (...args: string[]) => cliSync(scratch, args);

const settings = () => join(scratch.home, '.claude', 'settings.json');
const hooksIn = (path: string) => JSON.parse(readFileSync(path, 'utf8')).hooks ?? {};
const without = (event: string) => {
  const { [event]: _, ...hooks } = hooksIn(settings());
  writeFileSync(settings(), JSON.stringify({ hooks }));
};

describe('the permissions of an older stopgate', () => {
  const WIDE = 'Bash(stopgate build:*)';
  const allowed = () => JSON.parse(readFileSync(settings(), 'utf8')).permissions?.allow;

  /** As if 0.1 had been told to allow, beside a permission of the person's. */
  function older(): void {
    mkdirSync(dirname(settings()), { recursive: true });
    writeFileSync(settings(), '{"permissions": {"allow": ["Bash(ls:*)"]}}');
    stopgate('install', '--allow');
    const text = JSON.parse(readFileSync(settings(), 'utf8'));
    text.permissions.allow = ['Bash(ls:*)', WIDE, 'Bash(stopgate status:*)'];
    writeFileSync(settings(), JSON.stringify(text));
    updateManifest(scratch.data, scratch.paths, (manifest) => {
      const recorded = manifest.settings[settings()];
      if (!recorded?.origin.allowed) throw new Error('expected a record of the permissions');
      const rules = [WIDE, 'Bash(stopgate status:*)'];
      const origin = { ...recorded.origin, allowed: { ...recorded.origin.allowed, rules } };
      return { ...manifest, settings: { [settings()]: { ...recorded, origin } } };
    });
  }

  it.each([['migrate'], ['install'], ['doctor', '--fix']])('give way at %s %s', (...args) => {
    older();
    expect(stopgate('doctor').stdout).toContain('remove permissions.allow');
    const { stdout } = stopgate(...args);
    expect(allowed()).not.toContain(WIDE);
    expect(new Set(allowed())).toEqual(new Set(['Bash(ls:*)', ...CLAUDE_ALLOW]));
    if (args[0] === 'migrate') expect(stdout).toContain('it asks before `stopgate build start`');
    expect(stopgate('migrate').stdout).not.toContain('narrower');
    stopgate('uninstall');
    expect(allowed()).toEqual(['Bash(ls:*)']);
  });

  it('give way at the first command after an update, which says so', () => {
    older();
    const { stderr } = run(process.execPath, [nextVersion(scratch.root), 'status']);
    expect(stderr).toContain('stopgate: The permission of Claude Code is narrower now');
    expect(allowed()).not.toContain(WIDE);
  });

  it('give way where somebody took the hooks out, which stay out', () => {
    older();
    const { hooks: _, ...rest } = JSON.parse(readFileSync(settings(), 'utf8'));
    writeFileSync(settings(), JSON.stringify(rest));
    stopgate('migrate');
    expect(hooksIn(settings())).toEqual({});
    expect(allowed()).not.toContain(WIDE);
  });

  it('stay where the person wrote them', () => {
    mkdirSync(dirname(settings()), { recursive: true });
    writeFileSync(settings(), JSON.stringify({ permissions: { allow: [WIDE] } }));
    stopgate('install');
    stopgate('migrate');
    expect(allowed()).toEqual([WIDE]);
  });
});

describe('what somebody took out of the settings', () => {
  it('stays out in an update, one entry or all of them', () => {
    stopgate('install');
    without('PreCompact');
    const one = readFileSync(settings(), 'utf8');
    expect(stopgate('migrate')).toMatchObject({ status: 0 });
    const next = nextVersion(scratch.root);
    for (let n = 0; n < 2; n += 1)
      expect(run(process.execPath, [next, 'migrate'])).toMatchObject({ status: 0 });
    expect(readFileSync(settings(), 'utf8')).toBe(one);

    writeFileSync(settings(), '{}');
    expect(run(process.execPath, [next, 'migrate']).stdout).toContain(
      `left  ${settings()}: somebody took the entries out`,
    );
    expect(readFileSync(settings(), 'utf8')).toBe('{}');
  });

  it.each([['install'], ['doctor', '--fix']])('is put back by %s %s', (...args) => {
    stopgate('install');
    const installed = hooksIn(settings());
    without('Stop');
    stopgate('migrate');
    expect(hooksIn(settings())).not.toHaveProperty('Stop');
    expect(stopgate(...args)).toMatchObject({ status: 0 });
    expect(hooksIn(settings())).toEqual(installed);
  });

  it('is not what the version before did not have', () => {
    stopgate('install');
    without('SessionEnd');
    updateManifest(scratch.data, scratch.paths, (manifest) => ({
      ...manifest,
      settings: Object.fromEntries(
        Object.entries(manifest.settings).map(([path, site]) => [
          path,
          { ...site, entries: site.entries.filter(({ event }) => event !== 'SessionEnd') },
        ]),
      ),
    }));
    stopgate('migrate');
    expect(Object.keys(hooksIn(settings()))).toContain('SessionEnd');
  });
});

it('updates an older entry in its place, and the person’s own stay where they are', () => {
  stopgate('install');
  const older = readFileSync(settings(), 'utf8')
    .replace('stop-gate-router', 'build-stop')
    .replace('"timeout": 10', '"timeout": 10000');
  const { hooks } = JSON.parse(older);
  hooks.Stop.push({ hooks: [{ type: 'command', command: 'mine' }] });
  writeFileSync(settings(), JSON.stringify({ hooks }, null, 2));
  expect(stopgate('migrate')).toMatchObject({ status: 0 });
  const [ours, mine] = hooksIn(settings()).Stop;
  expect(ours.hooks[0]).toMatchObject({ timeout: 10 });
  expect(ours.hooks[0].command).toContain('stop-gate-router');
  expect(mine.hooks[0].command).toBe('mine');
});

describe('the commands that 0.1 registered', () => {
  /** The settings as 0.1 left them, with a key that a person added to each handler. */
  const asOf01 = (path: string) => {
    const hooks = hooksIn(path);
    for (const group of Object.values<{ hooks: Record<string, unknown>[] }[]>(hooks).flat())
      for (const handler of group.hooks) {
        handler.command = String(handler.command).replace(guarded(''), '');
        handler.statusMessage = 'mine';
      }
    hooks.Stop.unshift({ hooks: [{ type: 'command', command: 'theirs' }] });
    writeFileSync(path, JSON.stringify({ hooks }, null, 2));
  };

  it.each([['migrate'], ['install']])(
    '%s replaces them where they stand, keeps a person’s keys, and says that Codex has to trust them',
    (word) => {
      stopgate('install', '--host', 'all');
      const codexHooks = join(scratch.home, '.codex', 'hooks.json');
      for (const path of [settings(), codexHooks]) {
        const now = hooksIn(path);
        asOf01(path);
        const { status, stdout } = stopgate(word, ...(word === 'install' ? ['--host', 'all'] : []));
        expect(status).toBe(0);
        if (path === codexHooks) expect(stdout).toMatch(/Codex has to trust|Codex trust: no-codex/);
        const { Stop, ...rest } = hooksIn(path);
        expect(Stop[0]).toEqual({ hooks: [{ type: 'command', command: 'theirs' }] });
        expect({ ...rest, Stop: Stop.slice(1) }).toEqual(
          JSON.parse(
            JSON.stringify(now, (_, value) =>
              value?.command === undefined ? value : { ...value, statusMessage: 'mine' },
            ),
          ),
        );
      }
    },
  );

  it('uninstall takes them out', () => {
    stopgate('install');
    asOf01(settings());
    expect(stopgate('uninstall')).toMatchObject({ status: 0 });
    expect(hooksIn(settings())).toEqual({
      Stop: [{ hooks: [{ type: 'command', command: 'theirs' }] }],
    });
  });
});

it('makes no project again that is gone, and goes on with the others', () => {
  const project = join(scratch.root, 'gone');
  mkdirSync(project);
  for (const scope of ['project', 'local'])
    run('stopgate', ['install', '--scope', scope], {}, project);
  stopgate('install');
  rmSync(project, { recursive: true });
  const { status, stderr } = run(process.execPath, [nextVersion(scratch.root), 'status']);
  expect([status, stderr]).toEqual([
    0,
    `stopgate: brought the installed hooks to ${NEXT_VERSION}\n`,
  ]);
  expect(existsSync(project)).toBe(false);
  expect(readdirSync(join(scratch.data, 'versions'))).toEqual([NEXT_VERSION]);
  expect(Object.keys(readManifest(scratch.data).settings)).toHaveLength(3);
});

it('a report on what may go updates nothing', () => {
  stopgate('install');
  const next = nextVersion(scratch.root);
  for (const words of [
    ['session', 'report'],
    ['worktree', 'cleanup'],
    ['log', 'prune', '--unreferenced'],
  ])
    expect(run(process.execPath, [next, ...words]).stderr).not.toContain('brought');
  expect(readdirSync(join(scratch.data, 'versions'))).not.toContain(NEXT_VERSION);
});

it('says which settings refused, at the first command and when asked', () => {
  stopgate('install');
  writeFileSync(settings(), '{ // mine\n}');
  const next = nextVersion(scratch.root);
  const first = run(process.execPath, [next, 'status']);
  expect(first.status).toBe(0);
  expect(first.stderr).toContain(
    `could not update the installed hooks (${settings()}:1:3: a comment`,
  );
  const asked = run(process.execPath, [next, 'migrate']);
  expect(asked.status).toBe(1);
  expect(asked.stdout).toContain(`refused  ${settings()}:1:3`);
});

it('takes nobody back to an older version who did not ask for it', () => {
  run(process.execPath, [nextVersion(scratch.root), 'install']);
  const versions = () => readdirSync(join(scratch.data, 'versions'));
  expect(stopgate('status')).toMatchObject({ status: 0, stderr: '' });
  const asked = stopgate('migrate');
  expect([asked.status, asked.stderr]).toEqual([1, expect.stringContaining('stopgate install')]);
  writeFileSync(settings(), '{}');
  const doctor = stopgate('doctor', '--fix');
  expect(doctor.status).toBe(1);
  expect(doctor.stdout).toContain(`the hooks are those of ${NEXT_VERSION}`);
  expect([versions(), readFileSync(settings(), 'utf8')]).toEqual([[NEXT_VERSION], '{}']);
  expect(stopgate('install')).toMatchObject({ status: 0 });
  expect(versions()).toHaveLength(2);
});

describe('Codex', () => {
  const hooksFile = () => join(scratch.home, '.codex', 'hooks.json');
  const rules = () => join(scratch.home, '.codex', 'rules', 'stopgate.rules');

  it.each(['install', 'migrate'])('%s keeps the trust of a hook that it has to move', (command) => {
    const env = fakeCodex(scratch);
    const args = command === 'install' ? ['install', '--host', 'codex'] : ['migrate'];
    run('stopgate', ['install', '--host', 'codex', '--trust'], env);
    const { hooks } = JSON.parse(readFileSync(hooksFile(), 'utf8'));
    const mine = { hooks: [{ type: 'command', command: 'mine', timeout: 5 }] };
    hooks.Stop = [hooks.Stop[0], hooks.Stop[0], mine];
    writeFileSync(hooksFile(), JSON.stringify({ hooks }));
    const store = join(dirname(hooksFile()), 'trust.json');
    const trust = JSON.parse(readFileSync(store, 'utf8'));
    const list = () =>
      Object.keys(JSON.parse(readFileSync(store, 'utf8'))).filter((key) => key.includes(':stop:'));
    // As Codex stores it: what `mine` hashes to, at its place.
    trust[`${hooksFile()}:stop:2:0`] = {
      trusted_hash: sha256(`Stop${JSON.stringify(mine.hooks[0])}`),
    };
    writeFileSync(store, JSON.stringify(trust));

    expect(run('stopgate', args, env)).toMatchObject({ status: 0 });
    const after = hooksIn(hooksFile()).Stop;
    expect(after).toHaveLength(2);
    expect(after[1]).toEqual(mine);
    expect(list()).toEqual([`${hooksFile()}:stop:0:0`, `${hooksFile()}:stop:1:0`]);
  });

  it('says that a changed entry has to be trusted, and nothing where none changed', () => {
    stopgate('install', '--host', 'codex');
    const installed = readFileSync(hooksFile(), 'utf8');
    expect(stopgate('migrate').stdout).not.toContain('trust');
    writeFileSync(hooksFile(), installed.replace('stop-gate-router', 'build-stop'));
    const { stderr } = run(process.execPath, [nextVersion(scratch.root), 'status']);
    expect(stderr.split('\n')).toEqual([
      'stopgate: Codex has to trust what changed: stopgate install --host codex --trust',
      `stopgate: brought the installed hooks to ${NEXT_VERSION}`,
      '',
    ]);
    expect(readFileSync(hooksFile(), 'utf8')).toBe(installed);
  });

  it('keeps the rule for the sandbox while any settings of Codex name us', () => {
    spawnSync('git', ['init', '-q', scratch.project]);
    stopgate('install', '--host', 'codex', '--allow');
    stopgate('install', '--host', 'codex', '--scope', 'project');
    stopgate('uninstall', '--host', 'codex', '--scope', 'project');
    expect(existsSync(rules())).toBe(true);
    stopgate('uninstall', '--host', 'claude');
    expect(existsSync(rules())).toBe(true);
    stopgate('uninstall', '--host', 'codex', '--scope', 'user');
    expect(existsSync(rules())).toBe(false);
  });

  describe('the rule for the sandbox', () => {
    const manifest = () => join(scratch.data, 'manifest.json');
    /** As if the version that installed it had another text. */
    function older(): void {
      stopgate('install', '--host', 'codex', '--allow');
      writeFileSync(rules(), '# older\n');
      const recorded = JSON.parse(readFileSync(manifest(), 'utf8'));
      writeFileSync(
        manifest(),
        JSON.stringify({ ...recorded, rules: { [rules()]: sha256('# older\n') } }),
      );
    }

    it.each([['migrate'], ['install', '--host', 'codex'], ['doctor', '--fix']])(
      'follows an update: %s %s',
      (...args) => {
        older();
        if (args[0] === 'doctor') rmSync(join(scratch.data, 'current'));
        const { stdout, stderr } = stopgate(...args);
        expect(stderr).not.toContain('Unexpected');
        expect(readFileSync(rules(), 'utf8')).toBe(RULES_TEXT);
        if (args[0] === 'migrate') expect(stdout).toContain('stays inside the sandbox');
      },
    );

    it('of an older version is taken out', () => {
      older();
      expect(stopgate('uninstall').stdout).toContain(`removed  ${rules()}`);
      expect(existsSync(rules())).toBe(false);
    });

    it.each([
      ['is left alone where a person changed it', () => writeFileSync(rules(), '# mine\n'), true],
      ['stays away where a person took it away', () => rmSync(rules()), false],
    ])('%s', (_what, change, isThere) => {
      older();
      change();
      stopgate('migrate');
      expect(existsSync(rules())).toBe(isThere);
      if (!isThere) return;
      stopgate('uninstall');
      expect(readFileSync(rules(), 'utf8')).toBe('# mine\n');
    });
  });
});
