import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/config/doctor.ts';
import { cliSync } from '../support/cli.ts';
import { fakeCodex } from '../support/fake-codex.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch("o'häuser $x home");
});
afterEach(() => scratch.remove());

type Env = Record<string, string>;

const stopgate = (args: string[], env: Env = {}) => cliSync(scratch, args, env);

function doctor(args: string[] = [], env: Env = {}) {
  const { status, stdout, stderr } = stopgate(['doctor', '--json', ...args], env);
  const findings: Finding[] = JSON.parse(stdout);
  return { status, stderr, findings, unwell: findings.filter(({ state }) => state !== 'ok') };
}

const settings = () => join(scratch.home, '.claude', 'settings.json');
const launcher = () => join(scratch.data, 'bin', 'stopgate-hook');
const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

it('finds nothing wrong with a fresh install, and says what it looked at', () => {
  stopgate(['install']);
  const { status, stderr, findings, unwell } = doctor();
  expect([status, stderr, unwell]).toEqual([0, '', []]);
  expect(findings.map(({ check }) => check)).toEqual([
    'kill switch',
    'state directory',
    'state files',
    'leftovers',
    'tmux',
    'version',
    'node',
    'claude user',
  ]);
  const text = stopgate(['doctor']).stdout;
  expect(text).toContain(`ok       claude user: 6 entries in ${settings()}`);
});

it('asks no authority about an event that it made up', () => {
  stopgate(['install']);
  const asked = join(scratch.root, 'asked');
  const command = `touch '${asked.replaceAll("'", `'\\''`)}'`;
  const path = join(scratch.home, '.config', 'stopgate', 'config.json');
  write(path, JSON.stringify({ authority: { kind: 'command', command } }));
  expect(doctor().findings).toContainEqual({ check: 'settings', state: 'ok', what: path });
  expect(existsSync(asked)).toBe(false);
});

it('says what to run where nothing is installed, and changes nothing', () => {
  const { status, unwell } = doctor(['--fix']);
  expect([status, unwell.map(({ what }) => what)]).toEqual([0, ['nothing is installed']]);
  expect(unwell[0]?.hint).toContain('stopgate install');
  expect([existsSync(settings()), existsSync(scratch.data)]).toEqual([false, false]);
});

/** What breaks an install, and what doctor says of it. */
interface Trouble {
  readonly name: string;
  readonly meddle: () => void;
  readonly check: string;
  readonly state: Finding['state'];
  readonly what: RegExp;
}

/** What `--fix` mends. */
const FIXABLE: Trouble[] = [
  {
    name: 'another version is current',
    meddle: () => {
      rmSync(join(scratch.data, 'current'));
      symlinkSync('versions/0.0.1', join(scratch.data, 'current'));
    },
    check: 'version',
    state: 'broken',
    what: /the hooks are not those of \d/,
  },
  {
    name: 'the recorded Node is gone',
    meddle: () => write(join(scratch.data, 'node'), '/nonexistent/node\n'),
    check: 'node',
    state: 'warning',
    what: /the recorded Node \/nonexistent\/node does not run/,
  },
  {
    name: 'another Node compiled the hooks',
    meddle: () => write(join(scratch.data, 'current', 'code', 'node-version'), 'v1.2.3\n'),
    check: 'node',
    state: 'warning',
    what: /hooks are compiled for v1\.2\.3/,
  },
  {
    name: 'another program dropped an entry',
    meddle: () => {
      const { hooks, ...rest } = JSON.parse(readFileSync(settings(), 'utf8'));
      const { Stop: _, ...left } = hooks;
      write(settings(), JSON.stringify({ ...rest, hooks: left }));
    },
    check: 'claude user',
    state: 'broken',
    what: /is not as it was installed; to be done: add Stop/,
  },
  {
    name: 'an entry is there twice',
    meddle: () => {
      const all = JSON.parse(readFileSync(settings(), 'utf8'));
      all.hooks.Stop.push(all.hooks.Stop[0]);
      write(settings(), JSON.stringify(all));
    },
    check: 'claude user',
    state: 'broken',
    what: /to be done: remove Stop/,
  },
  {
    name: 'the timeout is in milliseconds',
    meddle: () => {
      const text = readFileSync(settings(), 'utf8');
      write(settings(), text.replace('"timeout": 10', '"timeout": 10000'));
    },
    check: 'claude user',
    state: 'broken',
    what: /to be done: update Stop/,
  },
  {
    name: 'the launcher ends with an error',
    meddle: () => write(launcher(), '#!/bin/sh\nexit 3\n'),
    check: 'claude user',
    state: 'broken',
    what: /Stop: .*stop-gate-router --host claude: exit code 3/,
  },
  {
    name: 'the launcher prints no JSON',
    meddle: () => write(launcher(), '#!/bin/sh\necho hello\n'),
    check: 'claude user',
    state: 'broken',
    what: /SessionStart: .* printed no JSON object: "hello"/,
  },
  {
    name: 'the launcher is gone',
    meddle: () => rmSync(launcher()),
    check: 'claude user',
    state: 'broken',
    what: /exit code 127/,
  },
  {
    name: 'the launcher is not executable',
    meddle: () => chmodSync(launcher(), 0o644),
    check: 'claude user',
    state: 'broken',
    what: /exit code 126/,
  },
  {
    name: 'a killed process left a file',
    meddle: () => {
      const { pid } = spawnSync('true');
      const left = join(scratch.data, `manifest.json.${pid}-x1y2.tmp`);
      write(left, '{');
      utimesSync(left, 1, 1);
    },
    check: 'leftovers',
    state: 'warning',
    what: /of processes that were killed: .*manifest\.json/,
  },
];

describe('finds, and with --fix mends', () => {
  it.each(FIXABLE)('$name', ({ meddle, check, state, what }) => {
    stopgate(['install']);
    meddle();
    const { status, unwell, stderr } = doctor();
    expect(unwell).toContainEqual(expect.objectContaining({ check, state, fixable: true }));
    expect(unwell.map((finding) => finding.what).join('\n')).toMatch(what);
    expect(status).toBe(state === 'broken' ? 1 : 0);
    if (state === 'broken') expect(stderr).toContain('Try: stopgate doctor --fix');
    expect(doctor(['--fix'])).toMatchObject({ status: 0, unwell: [] });
    expect(doctor()).toMatchObject({ status: 0, unwell: [] });
  });
});

/** What a person has to look at. */
const REPORTED: (Trouble & { readonly env?: () => Env })[] = [
  {
    name: 'the kill switch in the environment',
    meddle: () => {},
    env: () => ({ STOPGATE_DISABLE: '1' }),
    check: 'kill switch',
    state: 'warning',
    what: /every stop is approved/,
  },
  {
    name: 'no tmux',
    meddle: () => {
      for (const name of ['sh', 'node'])
        symlinkSync(name === 'sh' ? '/bin/sh' : process.execPath, join(scratch.root, 'bin', name));
    },
    env: () => ({ PATH: join(scratch.root, 'bin') }),
    check: 'tmux',
    state: 'warning',
    what: /not found/,
  },
  {
    name: 'a state directory that others can read',
    meddle: () => chmodSync(scratch.paths.root, 0o755),
    check: 'state directory',
    state: 'warning',
    what: /can be read by others \(mode 755\)/,
  },
  {
    name: 'a file where the state directory belongs',
    meddle: () => {
      rmSync(scratch.paths.root, { recursive: true });
      writeFileSync(scratch.paths.root, '');
    },
    check: 'state directory',
    state: 'broken',
    what: /stopgate is a file/,
  },
  {
    name: 'a state file that was set aside',
    meddle: () => write(join(scratch.paths.builds, 'x.json.corrupt-2026'), '{'),
    check: 'state files',
    state: 'warning',
    what: /x\.json\.corrupt-2026/,
  },
  {
    name: 'settings that are no JSON',
    meddle: () => write(settings(), '{\n  // mine\n}'),
    check: 'claude user',
    state: 'broken',
    what: /settings\.json:2:3: a comment/,
  },
  {
    name: 'hooks that are all switched off',
    meddle: () => {
      const text = readFileSync(settings(), 'utf8');
      write(settings(), text.replace('{', '{"disableAllHooks": true,'));
    },
    check: 'claude hooks',
    state: 'warning',
    what: /Claude Code runs no hook of stopgate/,
  },
  {
    name: 'a manifest that cannot be read',
    meddle: () => write(join(scratch.data, 'manifest.json'), '{"version":1,'),
    check: 'installed',
    state: 'broken',
    what: /manifest\.json cannot be read/,
  },
];

describe('reports to a person, and leaves alone', () => {
  it.each(REPORTED)('$name', ({ meddle, env = () => ({}), check, state, what }) => {
    stopgate(['install']);
    meddle();
    for (const args of [[], ['--fix']]) {
      const { status, unwell } = doctor(args, env());
      expect(unwell).toEqual([expect.objectContaining({ check, state })]);
      expect(unwell[0]?.what).toMatch(what);
      expect(status).toBe(state === 'broken' ? 1 : 0);
    }
  });
});

it('takes a project that is gone for what it is, and does not make it again', () => {
  const project = join(scratch.root, 'gone');
  mkdirSync(project);
  spawnSync('stopgate', ['install', '--scope', 'local'], { cwd: project, env: scratch.env });
  rmSync(project, { recursive: true });
  const { status, findings } = doctor(['--fix']);
  expect(status).toBe(0);
  expect(findings).toContainEqual({
    check: 'claude local',
    state: 'ok',
    what: `${join(project, '.claude', 'settings.local.json')}: its project is not there`,
  });
  expect(existsSync(project)).toBe(false);
});

it('runs what a project has of its own, and knows that two scopes answer once', () => {
  stopgate(['install']);
  stopgate(['install', '--scope', 'project']);
  const { status, unwell, findings } = doctor();
  expect([status, unwell]).toEqual([0, []]);
  expect(findings.at(-1)?.what).toContain('each event is answered once');
  rmSync(join(scratch.project, '.claude', 'stopgate', 'bin', 'stopgate-hook'));
  expect(doctor().unwell.every(({ check }) => check === 'claude project')).toBe(true);
  expect(doctor(['--fix'])).toMatchObject({ status: 0, unwell: [] });
});

describe('Codex', () => {
  const trust = (env: Env) => doctor([], env).findings.find(({ check }) => check === 'codex trust');

  it('shows trust that is missing, given, and lost', () => {
    const env = fakeCodex(scratch);
    stopgate(['install', '--host', 'codex'], env);
    expect(trust(env)).toMatchObject({ state: 'warning', what: 'untrusted' });
    expect(trust(env)?.hint).toContain('/hooks');
    stopgate(['install', '--host', 'codex', '--trust'], env);
    expect(trust(env)).toMatchObject({ state: 'ok', what: 'trusted' });
    const store = join(scratch.home, '.codex', 'trust.json');
    write(store, readFileSync(store, 'utf8').replaceAll(/"trusted_hash":"[0-9a-f]/g, '$&0'));
    expect(trust(env)).toMatchObject({ state: 'warning', what: 'modified' });
  });

  it('says so when there is no Codex to ask', () => {
    stopgate(['install', '--host', 'codex']);
    expect(trust({})).toMatchObject({
      state: 'warning',
      what: expect.stringContaining('no-codex'),
    });
  });
});
