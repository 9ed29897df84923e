import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { quote } from '../support/agent.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import type { Scratch } from '../support/scratch.ts';
import { gateRecords } from '../support/state-files.ts';

/** Root may read every file, so the hook has to be somebody else's. */
const AS_NOBODY = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
const canDropRoot = spawnSync('sh', ['-c', `${AS_NOBODY} true`]).status === 0;

async function owner() {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool('stopgate build start "a task" --size large');
  return { place, agent };
}

const projectFile = ({ project }: Scratch) => join(project, 'stopgate.config.json');
const userFile = ({ home }: Scratch) => join(home, '.config/stopgate/config.json');

const BAD: [string, (path: string) => unknown, string][] = [
  ['empty', (path) => writeFileSync(path, ''), 'JSON'],
  ['cut off', (path) => writeFileSync(path, '{"checksOnStop": tr'), 'JSON'],
  ['with a comment', (path) => writeFileSync(path, '{} // all of it'), 'JSON'],
  ['a list', (path) => writeFileSync(path, '[]'), 'root'],
  ['of a wrong type', (path) => writeFileSync(path, '{"budget":{"perHour":"many"}}'), 'perHour'],
  ['beyond a bound', (path) => writeFileSync(path, '{"budget":{"perHour":0}}'), 'perHour'],
  ['UTF-16', (path) => writeFileSync(path, Buffer.from('\ufeff{}', 'utf16le')), 'not UTF-8'],
  ['of zero bytes', (path) => writeFileSync(path, Buffer.alloc(512)), 'JSON'],
  ['huge', (path) => writeFileSync(path, `["${'x'.repeat(30_000_000)}"]`), 'more than'],
  ['nested deeply', (path) => writeFileSync(path, '['.repeat(100_000)), 'JSON'],
  ['a directory', (path) => mkdirSync(path), 'not a regular file'],
  ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path]), 'not a regular file'],
  ['an endless device', (path) => symlinkSync('/dev/zero', path), 'not a regular file'],
  ['a link to itself', (path) => symlinkSync(path, path), 'ELOOP'],
];

it.each(BAD)('settings that are %s count as empty: the owner is held', async (_, make, words) => {
  const { place, agent } = await owner();
  for (const path of [projectFile(place), userFile(place)]) {
    mkdirSync(dirname(path), { recursive: true });
    make(path);
  }
  expect(hookOutput(await agent.stop()).decision).toBe('block');
  const [record] = gateRecords(place);
  expect(record?.problems).toEqual([
    expect.stringContaining(userFile(place)),
    expect.stringContaining(projectFile(place)),
  ]);
  for (const problem of record?.problems ?? []) expect(problem).toContain(words);

  const doctor = await agent.tool('stopgate doctor --json');
  const findings = JSON.parse(doctor.stdout) as { check: string; state: string; what: string }[];
  const broken = findings.filter(({ check, state }) => check === 'settings' && state === 'broken');
  expect(broken.map(({ what }) => what)).toHaveLength(2);
  expect(doctor.code).toBe(1);
  expect((await agent.tool('stopgate gate mode')).stdout).toContain(projectFile(place));
});

it.skipIf(!canDropRoot)('settings that may not be read count as empty', async () => {
  const { place, agent } = await owner();
  writeFileSync(projectFile(place), '{"budget":{"perHour":1}}');
  chmodSync(projectFile(place), 0);
  execFileSync('chown', ['-R', '65534:65534', place.root]);
  execFileSync('chown', ['0:0', projectFile(place)]);
  const command = `${AS_NOBODY} sh -c ${quote(registered())}`;
  expect(hookOutput(await agent.stop({ command })).decision).toBe('block');
  expect(gateRecords(place)[0]?.problems).toEqual([expect.stringContaining('EACCES')]);
});

it('doctor names what was meant by a key that nobody knows', async () => {
  const { place, agent } = await owner();
  writeFileSync(projectFile(place), '{"checkOnStop":true,"budget":{"perhour":3}}');
  expect(hookOutput(await agent.stop()).decision).toBe('block');
  expect(gateRecords(place)[0]).not.toHaveProperty('problems');
  const { stdout } = await agent.tool('stopgate doctor');
  expect(stdout).toContain('checkOnStop is no key; did you mean checksOnStop?');
  expect(stdout).toContain('budget.perhour is no key; did you mean budget.perHour?');
});

it.each<[string, (path: string) => unknown]>([
  ['a directory', (path) => mkdirSync(path)],
  ['a pipe that nobody writes to', (path) => execFileSync('mkfifo', [path])],
  ['of a newer stopgate', (path) => writeFileSync(path, '{"schema":9}')],
])("a gate's state that is %s approves with one record, and stays", async (_, make) => {
  const { place, agent } = await owner();
  make(place.paths.gate);
  expect(hookOutput(await agent.stop())).toEqual({ decision: 'approve' });
  expect(gateRecords(place)).toMatchObject([
    { session: 'first', cause: 'error', error: expect.any(String) },
  ]);
  const mode = await agent.tool('stopgate gate mode off');
  expect(mode).toMatchObject({ code: 1, stderr: expect.stringContaining('gate.json') });
  expect((await agent.tool('stopgate doctor')).stdout).toMatch(/broken +kill switch/);
});

it("a build's state that is a pipe holds nobody up", async () => {
  const { place, agent } = await owner();
  const id = execFileSync('ls', [place.paths.armedStop], { encoding: 'utf8' }).trim();
  execFileSync('rm', [place.paths.build(id)]);
  execFileSync('mkfifo', [place.paths.build(id)]);
  expect(hookOutput(await agent.stop())).toEqual({ decision: 'approve' });
  expect(gateRecords(place)).toMatchObject([{ cause: 'error' }]);
});
