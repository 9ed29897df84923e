import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../src/config/doctor.ts';
import { cliSync } from '../support/cli.ts';
import { hookOutput } from '../support/expect-output.ts';
import { host } from '../support/host.ts';
import { placeLauncher, registered } from '../support/installed-tree.ts';
import { makeScratch } from '../support/scratch.ts';

const RELATIVE = {
  STOPGATE_STATE_DIR: 'state',
  XDG_STATE_HOME: 'xdg/state',
  XDG_DATA_HOME: './xdg/data',
  XDG_CONFIG_HOME: '../config',
};

function scratch() {
  const place = makeScratch();
  onTestFinished(place.remove);
  return place;
}

it('installs, and looks for its state, as if they were not set', () => {
  const place = scratch();
  expect(cliSync(place, ['install'], RELATIVE).status).toBe(0);
  const { hooks } = JSON.parse(readFileSync(join(place.home, '.claude/settings.json'), 'utf8'));
  expect(hooks.Stop[0].hooks[0].command).toBe(registered());
  expect(existsSync(join(place.data, 'manifest.json'))).toBe(true);
  expect(existsSync(place.paths.locks)).toBe(true);
  expect(readdirSync(place.project)).toEqual([]);
});

it('has doctor say which variables it ignores', () => {
  const findings: Finding[] = JSON.parse(cliSync(scratch(), ['doctor', '--json'], RELATIVE).stdout);
  const said = findings.filter(({ check }) => check === 'environment').map(({ what }) => what);
  expect(said).toEqual(Object.keys(RELATIVE).map((name) => expect.stringContaining(name)));
});

it('holds the owner of a build wherever its hook runs', async () => {
  const place = scratch();
  placeLauncher(place);
  const agent = host(place, 'first');
  const cwd = join(place.project, 'below');
  mkdirSync(cwd);
  const command = 'stopgate build start "A task"';
  expect((await agent.run({ command, cwd: place.project, env: RELATIVE })).code).toBe(0);
  expect(hookOutput(await agent.stop({ cwd, env: RELATIVE })).decision).toBe('block');
});
