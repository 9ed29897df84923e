import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { quote } from '../support/agent.ts';
import { authorityScene } from '../support/authority-scene.ts';
import { cliSync } from '../support/cli.ts';
import { registered } from '../support/installed-tree.ts';
import type { Scratch } from '../support/scratch.ts';
import { readState } from '../support/state-files.ts';

/** A mount of one's own needs no root where user namespaces are allowed. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

const APPROVE = { decision: 'approve' };
const BLOCK = { decision: 'block', reason: expect.any(String) };
const RED = '\x1b[31m';
const MEANS = 'The authority is not asked and holds nobody; the build gate goes on';

/** A directory in the log's place. */
function spoil({ paths }: Scratch): void {
  rmSync(paths.gateLog, { force: true });
  mkdirSync(paths.gateLog, { recursive: true });
}

/** Runs a command where the disk of the log, and that one alone, is full. */
function withFullLog({ paths }: Scratch, command: string): string {
  const events = dirname(paths.gateLog);
  mkdirSync(events, { recursive: true });
  const fill = `{ dd if=/dev/zero of=${quote(events)}/fill bs=4k 2>/dev/null || :; }`;
  const mount = `mount -t tmpfs -o size=16k none ${quote(events)}`;
  return `unshare -rm sh -c ${quote(`${mount} && ${fill} && ${command}`)}`;
}

it('an authority that enforces holds nobody while a directory is in the place of its log', async () => {
  const { place, stop } = await authorityScene({ kind: 'rules' }, 'enforce');
  spoil(place);
  expect((await stop()).output).toEqual(APPROVE);
  expect(existsSync(place.paths.blocks('one'))).toBe(false);
  rmSync(place.paths.gateLog, { recursive: true });
  expect((await stop({ prompt_id: 'next' })).output).toEqual(BLOCK);
});

it.skipIf(!canMount)(
  'an authority that enforces holds nobody while the disk of its log is full',
  async () => {
    const { place, run } = await authorityScene({ kind: 'rules' }, 'enforce');
    expect((await run(withFullLog(place, registered()))).output).toEqual(APPROVE);
    expect(existsSync(place.paths.blocks('one'))).toBe(false);
  },
);

it('an authority that enforces holds nobody when the log takes only a part of the record', async () => {
  const { place, run } = await authorityScene({ kind: 'rules' }, 'enforce');
  mkdirSync(dirname(place.paths.gateLog), { recursive: true });
  writeFileSync(place.paths.gateLog, `${'x'.repeat(400)}\n`);
  const { output } = await run(`ulimit -f 1 && ${registered()}`);
  expect(readFileSync(place.paths.gateLog, 'utf8')).toMatch(/^x{400}\n\{"at":[^\n]+$/);
  expect(output).toEqual(APPROVE);
});

it.skipIf(!canMount).each<[string, boolean]>([
  ['a directory is in its place', false],
  ['its disk is full', true],
])('the build gate goes on while the log cannot be written: %s', async (_name, isFull) => {
  const { place, run } = await authorityScene({ kind: 'rules' }, 'enforce');
  cliSync(place, ['build', 'start', 'a task', '--owner-session', 'one']);
  if (!isFull) spoil(place);
  const command = isFull ? withFullLog(place, registered()) : registered();
  for (const spent of [1, 2]) {
    expect((await run(command)).output).toEqual(BLOCK);
    expect(readState(place).budget.spent).toBe(spent);
  }
});

it('doctor, status --why and gate mode say so, in red on a terminal alone', async () => {
  const { place } = await authorityScene({ kind: 'rules' }, 'enforce');
  expect(cliSync(place, ['status', '--why']).stdout).not.toContain('decision log');
  spoil(place);
  for (const words of [['doctor'], ['status', '--why'], ['gate', 'mode']]) {
    const { stdout } = cliSync(place, words);
    expect(stdout).toContain(`${place.paths.gateLog} is a directory`);
    expect(stdout).toContain(MEANS);
    expect(stdout).not.toContain(RED);
    const coloured = cliSync(place, words, { FORCE_COLOR: '1' }).stdout;
    const [before = ''] = coloured.split('decision log');
    expect(before.slice(-20)).toContain(RED);
  }
  expect(cliSync(place, ['doctor']).status).toBe(1);
  const { gate } = JSON.parse(cliSync(place, ['status', '--json']).stdout);
  expect(gate.unlogged).toContain('is a directory');
});
