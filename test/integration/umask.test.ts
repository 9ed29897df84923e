import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { makeRepository } from '../support/repository.ts';
import type { Scratch } from '../support/scratch.ts';

const USER = ({ home }: Scratch) => join(home, '.claude/settings.json');
const CODEX = ({ home }: Scratch) => join(home, '.codex/hooks.json');
const PROJECT = ({ project }: Scratch) => join(project, '.claude/settings.json');

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

it.each<[string, string[], (place: Scratch) => string, string]>([
  ['000', [], USER, '600'],
  ['022', [], USER, '600'],
  ['000', ['--host', 'codex'], CODEX, '600'],
  ['000', ['--scope', 'project'], PROJECT, '644'],
  ['077', ['--scope', 'project'], PROJECT, '600'],
])(
  'with umask %s, new settings by install %j may be written by their person alone',
  async (umask, flags, path, mode) => {
    const place = scratch();
    const words = ['stopgate', 'install', ...flags].join(' ');
    const ran = await host(place, 'first').tool(`umask ${umask}; ${words}`);
    expect(ran).toMatchObject({ code: 0 });
    expect(modeOf(path(place))).toBe(mode);
    expect(statSync(join(path(place), '..')).mode & 0o022).toBe(0);
  },
);

it('with umask 000, nothing else that is written may be written by others', async () => {
  const place = scratch();
  makeRepository(place);
  const agent = host(place, 'first');
  const ran = await agent.tool(
    'umask 000; stopgate build start "a task" --worktree && stopgate install --host codex',
  );
  expect(ran).toMatchObject({ code: 0 });
  const written = await agent.tool(
    `find ${place.paths.root} ${place.data} ${place.home}/.codex -perm /022 ! -type l; ls -d ${place.home}/*worktrees* | xargs stat -c %a`,
  );
  expect(written.stdout).toBe('755\n');
  expect(await cli(place, ['doctor'])).toMatchObject({ stderr: '' });
});
