import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeScratch, packageRoot, type Scratch } from '../support/scratch.ts';

const NAMES = ['build', 'task-cleanup'];

function machine(): Scratch {
  const place = makeScratch();
  onTestFinished(() => place.remove());
  return place;
}

async function stopgate(place: Scratch, ...args: string[]): Promise<string> {
  const { env, project } = place;
  return (await execa('stopgate', args, { cwd: project, env, extendEnv: false })).stdout;
}

const ours = (name: string) =>
  readFileSync(join(packageRoot, 'templates/skills', name, 'SKILL.md'), 'utf8');

const skill = (dir: string, name: string) => join(dir, 'skills', name, 'SKILL.md');

const PLACES: [string, string[], (place: Scratch) => string][] = [
  ['Claude Code, user', ['--host', 'claude'], (p) => join(p.home, '.claude')],
  ['Claude Code, project', ['--scope', 'project'], (p) => join(p.project, '.claude')],
  ['Claude Code, local', ['--scope', 'local'], (p) => join(p.project, '.claude')],
  ['Codex, user', ['--host', 'codex'], (p) => join(p.home, '.codex')],
  ['Codex, project', ['--host', 'codex', '--scope', 'project'], (p) => join(p.project, '.codex')],
];

describe.each(PLACES)('%s', (_, flags, dirOf) => {
  it('puts the skills where the host reads them, when asked, and takes them out again', async () => {
    const place = machine();
    const dir = dirOf(place);
    await stopgate(place, 'install', ...flags);
    expect(existsSync(join(dir, 'skills')), 'nobody asked').toBe(false);
    const said = await stopgate(place, 'install', ...flags, '--skills', '--dry-run');
    expect(said).toContain(`would write  ${skill(dir, 'build')}`);
    expect(existsSync(join(dir, 'skills'))).toBe(false);

    await stopgate(place, 'install', ...flags, '--skills');
    for (const name of NAMES) expect(readFileSync(skill(dir, name), 'utf8')).toBe(ours(name));
    expect(await stopgate(place, 'install', ...flags, '--skills')).not.toContain('SKILL.md');
    await stopgate(place, 'uninstall');
    expect(existsSync(join(dir, 'skills'))).toBe(false);
  });
});

it("leaves a person's own skill of the same name alone, now and at the end", async () => {
  const place = machine();
  const mine = skill(join(place.home, '.claude'), 'build');
  mkdirSync(dirname(mine), { recursive: true });
  writeFileSync(mine, 'mine');
  const said = await stopgate(place, 'install', '--skills');
  expect(said).toContain(`kept  ${mine}: it is not stopgate's`);
  expect(existsSync(skill(join(place.home, '.claude'), 'task-cleanup'))).toBe(true);
  await stopgate(place, 'migrate');
  await stopgate(place, 'uninstall');
  expect(readFileSync(mine, 'utf8')).toBe('mine');
  expect(readdirSync(join(place.home, '.claude/skills'))).toEqual(['build']);
});

it('keeps an edited skill beside the new one at an update, and where it is at the end', async () => {
  const place = machine();
  const dir = join(place.home, '.claude');
  await stopgate(place, 'install', '--skills');
  writeFileSync(skill(dir, 'build'), 'edited');
  expect(await stopgate(place, 'migrate', '--dry-run')).toContain(skill(dir, 'build'));
  expect(readFileSync(skill(dir, 'build'), 'utf8')).toBe('edited');
  await stopgate(place, 'migrate');
  expect(readFileSync(skill(dir, 'build'), 'utf8')).toBe(ours('build'));
  const [copy = ''] = readdirSync(join(dir, 'skills/build')).filter((n) => n !== 'SKILL.md');
  expect(readFileSync(join(dir, 'skills/build', copy), 'utf8')).toBe('edited');

  writeFileSync(skill(dir, 'task-cleanup'), 'edited again');
  expect(await stopgate(place, 'uninstall')).toContain(`kept  ${skill(dir, 'task-cleanup')}`);
  expect(existsSync(skill(dir, 'build'))).toBe(false);
  expect(readFileSync(skill(dir, 'task-cleanup'), 'utf8')).toBe('edited again');
});

it("takes out one host's only, and no link of a person's", async () => {
  const place = machine();
  await stopgate(place, 'install', '--host', 'all', '--skills');
  symlinkSync('/nowhere', join(place.home, '.codex/skills/current'));
  await stopgate(place, 'uninstall', '--host', 'codex');
  expect(readdirSync(join(place.home, '.codex/skills'))).toEqual(['current']);
  for (const name of NAMES) {
    expect(readFileSync(skill(join(place.home, '.claude'), name), 'utf8')).toBe(ours(name));
  }
});

it.each(NAMES)('%s is a skill as both hosts read it', (name) => {
  const [, head = ''] = ours(name).split('---\n');
  expect(head).toMatch(new RegExp(`^name: ${name}\ndescription: [^:\n]{40,500}\n$`));
  expect(ours(name)).toContain('stopgate ');
  expect(ours(name).split('\n').length, 'thin').toBeLessThan(40);
});
