import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { guarded } from '../../src/config/guard.ts';
import { quote } from '../support/agent.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch, world } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered, registeredBefore } from '../support/installed-tree.ts';
import { stopPayload } from '../support/payload.ts';
import { packageRoot, type Scratch } from '../support/scratch.ts';
import { SHELLS, underShell } from '../support/shells.ts';
import { gateRecords, readState, stateFile } from '../support/state-files.ts';
import { traceNode } from '../support/trace-node.ts';
import { until } from '../support/until.ts';

const APPROVE = { decision: 'approve' };
const START = 'stopgate build start "a task" --size large';

const shellcheckIsHere = spawnSync('shellcheck', ['--version']).status === 0;

/** A PATH of the programs that the launcher itself uses, and no Node. */
function pathWithoutNode(place: Scratch): string {
  const bin = join(place.root, 'tools');
  mkdirSync(bin);
  for (const name of ['cat', 'date', 'mkdir']) {
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  }
  return bin;
}

it.skipIf(!shellcheckIsHere && process.env.CI !== 'true')('is clean under shellcheck', () => {
  const options = ['-s', 'dash', join(packageRoot, 'templates/launcher.sh')];
  expect(execFileSync('shellcheck', options, { encoding: 'utf8' })).toBe('');
});

it('starts no Node while nothing is armed', async () => {
  const place = scratch();
  const nodeRan = traceNode(place);
  expect(hookOutput(await host(place, 'first').stop())).toEqual(APPROVE);
  expect(nodeRan()).toBe(false);
  expect(existsSync(place.paths.root)).toBe(false);
});

it('starts Node for the stops of a session that runs in a tmux session of ours, and of no other', async () => {
  const place = scratch();
  mkdirSync(place.paths.armedRest, { recursive: true });
  for (const id of ['ours', 'ours-too']) writeFileSync(join(place.paths.armedRest, id), '');
  await host(place, 'other').stop();
  expect(gateRecords(place)).toEqual([]);
  expect(hookOutput(await host(place, 'ours').stop())).toEqual(APPROVE);
  expect(gateRecords(place)).toMatchObject([{ session: 'ours', cause: 'inactive' }]);
  const command = registered('stop-gate-router', 'codex');
  expect(hookOutput(await host(place, 'ours-too').stop({ command }))).toEqual({});
  expect(gateRecords(place)).toHaveLength(2);
  await host(place, 'other').stop({ command });
  expect(gateRecords(place)).toHaveLength(2);
});

it('starts no Node for a session that the living owner of every armed build is not', async () => {
  const place = scratch();
  await host(place, 'first').tool(START);
  const nodeRan = traceNode(place);
  const before = readFileSync(stateFile(place));
  expect(hookOutput(await host(place, 'other', process.ppid).stop())).toEqual(APPROVE);
  expect(nodeRan()).toBe(false);
  expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
  expect(gateRecords(place)).toEqual([]);
});

it.each([
  ['the owner', 'first', process.pid],
  ['the owner under a new session id', 'second', process.pid],
  ['the session of the owner in another process', 'first', process.ppid],
])('leaves the verdict on %s to Node', async (_, sessionId, pid) => {
  const place = scratch();
  await host(place, 'first').tool(START);
  const nodeRan = traceNode(place);
  hookOutput(await host(place, sessionId, pid).stop());
  expect(nodeRan()).toBe(true);
  expect(gateRecords(place)).toHaveLength(1);
});

it('goes on with the node on PATH when the recorded one is missing', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool(START);
  for (const recorded of ['/nonexistent/node\n', '']) {
    writeFileSync(join(place.data, 'node'), recorded);
    expect(hookOutput(await agent.stop()).decision).toBe('block');
  }
  rmSync(join(place.data, 'node'));
  expect(hookOutput(await agent.stop()).decision).toBe('block');
});

it('approves with one record when there is no node at all', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool(START);
  rmSync(join(place.data, 'node'));
  const env = { PATH: pathWithoutNode(place) };
  expect(hookOutput(await agent.stop({ env }))).toEqual(APPROVE);
  expect(gateRecords(place)).toMatchObject([{ verdict: 'approve', cause: 'error' }]);
  expect(gateRecords(place)[0]?.id).toMatch(/^\d+-\d+$/);
  expect(statSync(place.paths.gateLog).mode & 0o777).toBe(0o600);
  expect(hookOutput(await agent.stop({ env: { PATH: '/nonexistent' } }))).toEqual(APPROVE);
});

it.each([
  ['the bundle is missing', 'versions/test/hooks/stop-gate-router.cjs'],
  ['the current version is missing', 'versions/test'],
  ['nothing is current', 'current'],
])('approves with one record when %s', async (_, gone) => {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool(START);
  rmSync(join(place.data, gone), { recursive: true });
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(gateRecords(place)).toMatchObject([{ verdict: 'approve', cause: 'error' }]);
});

it.each([
  ['ends with an error', 'exit 3'],
  ['is killed', 'kill -9 $$'],
  ['prints nothing', 'exit 0'],
  ['prints no object', 'echo "Segmentation fault"; exit 139'],
])('approves with one record when node %s', async (_, instead) => {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool(START);
  traceNode(place, instead);
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(gateRecords(place)).toMatchObject([{ verdict: 'approve', cause: 'error' }]);
});

it('holds the owner whatever NODE_OPTIONS says', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool(START);
  const env = { NODE_OPTIONS: '--require=/nonexistent' };
  expect(hookOutput(await agent.stop({ env })).decision).toBe('block');
});

it('keeps from Node what slows its start, and not from what the hook starts', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool('stopgate build start "a task" --check \'echo "$NODE_EXTRA_CA_CERTS" >seen\'');
  mkdirSync(join(place.home, '.config/stopgate'), { recursive: true });
  writeFileSync(join(place.home, '.config/stopgate/config.json'), '{"checksOnStop":true}');
  traceNode(place, `echo "<$NODE_EXTRA_CA_CERTS>" >node-saw; exec '${process.execPath}' "$@"`);
  const env = { NODE_EXTRA_CA_CERTS: '/etc/certificates.pem' };
  const input = stopPayload('first', place.project, { permission_mode: 'bypassPermissions' });
  expect(hookOutput(await agent.stop({ env, input })).decision).toBe('block');
  expect(readFileSync(join(place.project, 'node-saw'), 'utf8')).toBe('<>\n');
  expect(readFileSync(join(place.project, 'seen'), 'utf8')).toBe('/etc/certificates.pem\n');
});

it('obeys the kill switch before everything else', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool(START);
  const nodeRan = traceNode(place);
  const before = readFileSync(stateFile(place));
  expect(hookOutput(await agent.stop({ env: { STOPGATE_DISABLE: '1' } }))).toEqual(APPROVE);
  expect(nodeRan()).toBe(false);
  expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
});

it('approves on a closed stdin', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  const command = `${registered()} <&-`;
  expect(hookOutput(await agent.stop({ command }))).toEqual(APPROVE);
  await agent.tool(START);
  expect(hookOutput(await agent.stop({ command }))).toEqual(APPROVE);
});

it('waits for no end of stdin, neither with nor without Node', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  expect(hookOutput(await agent.stop({ open: true }))).toEqual(APPROVE);
  await agent.tool(START);
  expect(hookOutput(await agent.stop({ open: true })).decision).toBe('block');
});

it('approves at once when a person runs it in a terminal', async () => {
  const { place, server } = world();
  await host(place, 'first').tool(START);
  const out = join(place.root, 'out');
  const done = join(place.root, 'done');
  const pane = await server.session('work');
  await server.type(pane, `${registered()} >${out}; echo $? >${done}`);
  await until(
    'the launcher to end',
    () => existsSync(done) && readFileSync(done, 'utf8') === '0\n',
  );
  expect(readFileSync(out, 'utf8')).toBe('{"decision":"approve"}\n');
});

it.each([
  ['', '{}'],
  ['build-stop', '{}'],
  ['build-stop --host codex', '{}'],
  ['build-stop --host claude', '{"decision":"approve"}'],
  ['build-stop --host', '{}'],
  ['../../evil --host claude', '{}'],
  ['no-such-entry --host claude', '{}'],
])('answers one object for the arguments "%s"', async (args, expected) => {
  const place = scratch();
  const command = `${guarded('"$HOME/.local/share/stopgate/bin/stopgate-hook"')} ${args}`;
  const ran = await host(place, 'first').stop({ command });
  expect(ran).toMatchObject({ code: 0, stdout: `${expected}\n`, stderr: '' });
});

it.each(["it's here", 'a "quoted" home', 'döner 東京 $HOME `x`', 'back\\slash; *'])(
  'works in a home called %s',
  async (name) => {
    const place = scratch(name);
    const agent = host(place, 'first');
    expect(hookOutput(await agent.stop())).toEqual(APPROVE);
    await agent.tool(START);
    expect(readState(place).checkouts).toEqual([place.project]);
    expect(hookOutput(await agent.stop()).decision).toBe('block');
    expect(hookOutput(await host(place, 'other', process.ppid).stop())).toEqual(APPROVE);
  },
);

it.each(
  SHELLS.flatMap((shell) =>
    [registered(), `/bin/sh ${registeredBefore()}`].map((form) => ({ shell, form })),
  ),
)('answers the same under $shell.name: $form', async ({ shell, form }) => {
  const place = scratch();
  const agent = host(place, 'first');
  const command = underShell(form, shell, place);
  expect(hookOutput(await agent.stop({ command }))).toEqual(APPROVE);
  await agent.tool(START);
  const nodeRan = traceNode(place);
  expect(hookOutput(await host(place, 'other', process.ppid).stop({ command }))).toEqual(APPROVE);
  expect(nodeRan()).toBe(false);
  expect(hookOutput(await agent.stop({ command })).decision).toBe('block');
});

it('hands backslashes, quotes and newlines of a reason through unharmed', async () => {
  const place = scratch();
  const agent = host(place, 'first');
  const task = 'a\\nb \\\\ \\t \\0101 %s "q" \'s\' $HOME `x` 東京';
  await agent.tool(`stopgate build start ${quote(task)}`);
  const { reason = '' } = hookOutput(await agent.stop());
  expect(reason.split('\n')).toContain(`Task: ${task}`);
});
