import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { quote } from '../support/agent.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import type { Scratch } from '../support/scratch.ts';
import { gateRecords, readState, stateFile } from '../support/state-files.ts';

const START = 'stopgate build start "a task"';
const APPROVE = { decision: 'approve' };

/** A mount of one's own needs no root where user namespaces are allowed. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

async function armed(): Promise<{ place: Scratch; agent: ReturnType<typeof host> }> {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool(START);
  return { place, agent };
}

function corruptFiles({ paths }: Scratch): string[] {
  return readdirSync(paths.builds).filter((name) => name.includes('.corrupt-'));
}

it.each<[string, (text: string) => string | Buffer]>([
  ['half-written', (text) => text.slice(0, text.length / 2)],
  ['empty', () => ''],
  ['no JSON', () => 'not json'],
  ['of zero bytes', () => Buffer.alloc(512)],
  ['an array', () => '[]'],
  ['an empty object', () => '{}'],
  ['without a budget', (text) => JSON.stringify({ ...JSON.parse(text), budget: undefined })],
  ['in no known phase', (text) => JSON.stringify({ ...JSON.parse(text), phase: 'dreaming' })],
])(
  'sets a state file that is %s aside, keeps its bytes, approves and says so',
  async (_, spoil) => {
    const { place, agent } = await armed();
    const file = stateFile(place);
    writeFileSync(file, spoil(readFileSync(file, 'utf8')));
    const bytes = readFileSync(file);

    expect(hookOutput(await agent.stop())).toEqual(APPROVE);
    const [aside, ...others] = corruptFiles(place);
    expect(others).toEqual([]);
    expect(aside).toMatch(new RegExp(`^${basename(file)}\\.corrupt-`));
    expect(readFileSync(join(place.paths.builds, aside ?? '')).equals(bytes)).toBe(true);
    expect(existsSync(file)).toBe(false);
    expect(gateRecords(place)).toHaveLength(1);
    expect(JSON.stringify(gateRecords(place))).toContain('corrupt');

    const status = await agent.tool('stopgate status');
    expect(status.code).toBe(0);
    expect(status.stdout).toContain(aside);
    expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  },
);

it('leaves a state file of a newer stopgate as it is, and approves', async () => {
  const { place, agent } = await armed();
  const file = stateFile(place);
  const newer = JSON.stringify({ ...readState(place), schema: 99 });
  writeFileSync(file, newer);
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(readFileSync(file, 'utf8')).toBe(newer);
  expect(corruptFiles(place)).toEqual([]);
});

it('holds the owner though the state file of another build is corrupt', async () => {
  const { place, agent } = await armed();
  const { id } = readState(place);
  await host(place, 'other', process.ppid).tool(START);
  const other = readdirSync(place.paths.builds).find((name) => name !== `${id}.json`) ?? '';
  truncateSync(join(place.paths.builds, other), 20);
  expect(hookOutput(await agent.stop()).decision).toBe('block');
  expect(corruptFiles(place)).toHaveLength(1);
});

it('approves when a build is armed that has no state file, and disarms it', async () => {
  const { place, agent } = await armed();
  rmSync(stateFile(place));
  expect(readdirSync(place.paths.armedStop)).toHaveLength(1);
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(existsSync(place.paths.armedStop)).toBe(false);
});

it.each(['builds', 'locks'])('approves with one record when %s is a file', async (name) => {
  const { place, agent } = await armed();
  const path = join(place.paths.root, name);
  rmSync(path, { recursive: true, force: true });
  writeFileSync(path, '');
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(gateRecords(place)).toMatchObject([{ verdict: 'approve', cause: 'error' }]);
});

it('holds the owner though the log cannot be written', async () => {
  const { place, agent } = await armed();
  rmSync(place.paths.events, { recursive: true, force: true });
  writeFileSync(place.paths.events, '');
  expect(hookOutput(await agent.stop()).decision).toBe('block');
});

it('approves when the state directory is a file', async () => {
  const { place, agent } = await armed();
  rmSync(place.paths.root, { recursive: true });
  writeFileSync(place.paths.root, 'a file');
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  const start = await agent.tool(START);
  expect(start.code).toBe(1);
  expect(start.stderr).toContain(place.paths.root);
  expect(readFileSync(place.paths.root, 'utf8')).toBe('a file');
});

it.skipIf(!canMount)('approves on a read-only state directory and changes nothing', async () => {
  const { place, agent } = await armed();
  const before = readFileSync(stateFile(place));
  const dir = quote(place.paths.root);
  const mount = `mount --bind ${dir} ${dir} && mount -o remount,bind,ro ${dir}`;
  const script = `${mount} && ! touch ${dir}/x 2>/dev/null && ${registered()}`;
  const ran = await agent.stop({ command: `unshare -rm sh -c ${quote(script)}` });
  expect(hookOutput(ran)).toEqual(APPROVE);
  expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
});

it.skipIf(!canMount)('approves on a full disk and leaves every state file whole', async () => {
  const { place, agent } = await armed();
  const disk = join(place.root, 'disk');
  const kept = join(place.root, 'kept');
  mkdirSync(disk);
  mkdirSync(kept);
  const script = [
    `mount -t tmpfs -o size=256k none ${disk}`,
    `cp -R ${quote(place.paths.root)}/. ${disk}`,
    `{ dd if=/dev/zero of=${disk}/fill bs=4k 2>/dev/null || :; }`,
    `export STOPGATE_STATE_DIR=${disk}`,
    registered(),
    `rm ${disk}/fill`,
    `cp -R ${disk}/. ${kept}`,
  ].join(' && ');
  const ran = await agent.stop({ command: `unshare -rm sh -c ${quote(script)}` });
  expect(hookOutput(ran)).toEqual(APPROVE);
  const name = basename(stateFile(place));
  expect(readdirSync(join(kept, 'builds'))).toEqual([name]);
  expect(readFileSync(join(kept, 'builds', name))).toEqual(readFileSync(stateFile(place)));
});

it('approves when no file may grow', async () => {
  const { place, agent } = await armed();
  const before = readFileSync(stateFile(place));
  const ran = await agent.stop({ command: `ulimit -f 0 && ${registered()}` });
  expect(hookOutput(ran)).toEqual(APPROVE);
  expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
});
