import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { mayBeAlive, readProcess } from '../../src/owner/process.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { gateRecords, readState } from '../support/state-files.ts';
import { until } from '../support/until.ts';

const APPROVE = { decision: 'approve' };

async function owner() {
  const place = scratch();
  const agent = host(place, 'first');
  await agent.tool('stopgate build start "a task"');
  const spent = () => readState(place).budget.spent;
  const stop = async () => hookOutput(await agent.stop());
  return { place, agent, spent, stop };
}

/** A process that runs until it is told otherwise. */
function worker(): { pid: number; end: () => Promise<unknown> } {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const end = () =>
    new Promise((done) => {
      child.once('exit', done);
      child.kill('SIGKILL');
    });
  return { pid: child.pid ?? 0, end };
}

it('the owner may stop while a registered process runs, and is held again when it ended', async () => {
  const { place, agent, spent, stop } = await owner();
  const { pid, end } = worker();
  const said = await agent.tool(`stopgate build wait --pid ${pid}`);
  expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining(`(process ${pid})`) });
  expect(await stop()).toEqual(APPROVE);
  expect(gateRecords(place)).toMatchObject([{ cause: 'waiting', build: readState(place).id }]);
  expect(spent()).toBe(0);
  const status = await agent.tool('stopgate build status');
  expect(status.stdout).toMatch(
    new RegExp(`^waits +sleep \\(process ${pid}, until .+ at most\\)$`, 'm'),
  );

  await end();
  expect((await agent.tool('stopgate build status')).stdout).toContain(', ended)');
  expect((await stop()).decision).toBe('block');
  expect(spent()).toBe(1);
  expect(readState(place).waits).toEqual([]);
});

it('a wait ends with its time, though the process goes on', async () => {
  const { agent, stop } = await owner();
  const { pid } = worker();
  await agent.tool(`stopgate build wait --pid ${pid} --for 3s`);
  expect(await stop()).toEqual(APPROVE);
  await new Promise((done) => setTimeout(done, 3_100));
  expect((await stop()).decision).toBe('block');
});

it('waits until a command succeeds', async () => {
  const { place, agent, spent, stop } = await owner();
  const done = join(place.root, 'done');
  await agent.tool(`stopgate build wait --until "test -e ${done}" --for 5m`);
  const [wait] = readState(place).waits ?? [];
  expect(wait?.what).toBe(`test -e ${done}`);
  expect(await stop()).toEqual(APPROVE);
  writeFileSync(done, '');
  await until('the watcher to end', () => wait && !mayBeAlive(wait), 15_000);
  expect((await stop()).decision).toBe('block');
  expect(spent()).toBe(1);
});

it.each(['complete', 'fail', 'release'])(
  'its watcher ends when the build does: %s',
  async (how) => {
    const { place, agent } = await owner();
    await agent.tool('stopgate build wait --until false --for 1d');
    const [wait] = readState(place).waits ?? [];
    expect(wait && readProcess(wait.pid)?.start).toBe(wait?.start);
    await agent.tool(`stopgate build ${how}`);
    await until('the watcher to end', () => wait && !mayBeAlive(wait), 15_000);
  },
);

it('the watcher holds nothing of the shell that started it, and ends with its time', async () => {
  const { place, agent } = await owner();
  const ran = await agent.tool('stopgate build wait --until false --for 20s');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.ms).toBeLessThan(15_000);
  const [wait] = readState(place).waits ?? [];
  expect(wait && mayBeAlive(wait)).toBe(true);
  await until('the watcher to end', () => wait && !mayBeAlive(wait), 30_000);
});

it.each<[string, string, number, string]>([
  ['a process that is not there', '--pid 999999999', 1, 'no running process'],
  ['no process', '--pid 0', 1, 'no running process'],
  ['the agent itself', `--pid ${process.pid}`, 1, 'would never end'],
  ['what the agent runs in', `--pid ${process.ppid}`, 1, 'would never end'],
  ['no number', '--pid x', 2, 'whole number'],
  ['nothing', '', 2, 'either --pid or --until'],
  ['both', `--pid 1 --until true`, 2, 'cannot be used with'],
  ['no duration', '--until true --for 5', 2, 'unit'],
])('refuses to wait for %s', async (_, flags, code, words) => {
  const { place, agent } = await owner();
  const ran = await agent.tool(`stopgate build wait ${flags}`);
  expect(ran).toMatchObject({ code, stderr: expect.stringContaining(words) });
  expect(readState(place).waits).toBeUndefined();
});

it("nobody waits in another's build", async () => {
  const { place } = await owner();
  const { pid } = worker();
  const other = host(place, 'other', process.ppid);
  expect((await other.tool(`stopgate build wait --pid ${pid}`)).code).toBe(1);
  expect((await other.tool('stopgate build wait --until true')).code).toBe(1);
  expect(readState(place).waits).toBeUndefined();
});
