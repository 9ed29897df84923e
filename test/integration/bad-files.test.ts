import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import { stopPayload } from '../support/payload.ts';
import { gateRecords, readState } from '../support/state-files.ts';

/** What may stand where a file is read: each made some reader wait for ever, or read for ever. */
const BAD: [string, (path: string) => unknown][] = [
  ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path])],
  ['a link to an endless device', (path) => symlinkSync('/dev/zero', path)],
];

function put(path: string, make: (path: string) => unknown): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  make(path);
}

async function owner() {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool('stopgate build start "a task"');
  return { place, agent };
}

it.each(BAD)('a project whose .git is %s holds up no stop, of either host', async (_, make) => {
  const { place, agent } = await owner();
  put(join(place.project, '.git'), make);
  put(join(place.home, '.codex/hooks.json'), (path) => writeFileSync(path, '{}'));
  const codex = await agent.stop({
    command: registered('stop-gate-router', 'codex'),
    input: stopPayload('other', place.project, { turn_id: 'one', prompt_id: undefined }),
  });
  expect(hookOutput(codex)).toEqual({});
  expect(gateRecords(place)).toMatchObject([{ host: 'codex', cause: 'foreign' }]);
  expect(hookOutput(await agent.stop()).decision).toBe('block');
});

it.each(BAD)('a lock that is %s holds up no stop', async (_, make) => {
  const { place, agent } = await owner();
  put(join(place.paths.locks, `build-${readState(place).id}.lock`), make);
  expect(hookOutput(await agent.stop())).toEqual({ decision: 'approve' });
  expect(gateRecords(place)).toMatchObject([{ cause: 'error' }]);
});

it.each(BAD)('whatever else is %s, the owner is held', async (_, make) => {
  const { place, agent } = await owner();
  const { paths, project } = place;
  const others = [paths.gateLog, join(paths.armedStop, 'other'), paths.build('other')];
  const git = ['HEAD', 'commondir', 'packed-refs', 'logs/HEAD'];
  for (const path of [...others, ...git.map((name) => join(project, '.git', name))])
    put(path, make);
  put(join(project, 'first.jsonl'), make);
  expect(hookOutput(await agent.stop()).decision).toBe('block');
});

it.each(BAD)('a manifest that is %s counts as unreadable, and is set aside', async (_, make) => {
  const { place, agent } = await owner();
  const manifest = join(place.data, 'manifest.json');
  put(manifest, make);
  const doctor = await agent.tool('stopgate doctor');
  expect(doctor.stdout).toContain(`${manifest} cannot be read`);
  expect(await agent.tool('stopgate install')).toMatchObject({ code: 0, stderr: '' });
  expect(execFileSync('ls', [place.data], { encoding: 'utf8' })).toContain(
    'manifest.json.corrupt-',
  );
});

it.each(BAD)('settings of a host that are %s are refused by name', async (_, make) => {
  const { place, agent } = await owner();
  const settings = join(place.home, '.claude/settings.json');
  put(settings, make);
  const install = await agent.tool('stopgate install');
  expect(install.code).toBe(1);
  expect(install.stderr).toContain(settings);
});

it.each(BAD)('a plan, a recorded Node and a launcher that are %s are named', async (_, make) => {
  const { place, agent } = await owner();
  const plan = join(place.project, 'plan.json');
  put(plan, make);
  const prune = await agent.tool('stopgate session prune --plan plan.json');
  expect(prune).toMatchObject({ code: 1, stderr: expect.stringContaining(plan) });
  put(join(place.data, 'node'), make);
  put(join(place.data, 'bin/stopgate-hook'), make);
  expect(await agent.tool('stopgate install')).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(place.data, 'node'))).toBe(true);
});
