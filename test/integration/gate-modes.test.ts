import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import { stopPayload } from '../support/payload.ts';
import { gateRecords, readState, stateFile } from '../support/state-files.ts';
import { traceNode } from '../support/trace-node.ts';

const APPROVE = { decision: 'approve' };
const START = 'stopgate build start "a task" --size large';

async function owner() {
  const place = scratch();
  execFileSync('git', ['init', '-q', place.project]);
  const agent = host(place, 'first');
  await agent.tool(START);
  const nodeRan = traceNode(place);
  const spent = () => readState(place).budget.spent;
  return { place, agent, nodeRan, spent };
}

it('shadow changes nothing for the owner, and writes down what it would have done', async () => {
  const { place, agent, spent } = await owner();
  expect((await agent.tool('stopgate gate mode shadow')).code).toBe(0);
  const before = readFileSync(stateFile(place));
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
  expect(gateRecords(place)).toMatchObject([
    { cause: 'disabled', would: { verdict: 'block', cause: 'unfinished' } },
  ]);
  await agent.tool('stopgate gate mode default');
  expect(hookOutput(await agent.stop()).decision).toBe('block');
  expect(spent()).toBe(1);
});

it("off for a person, without Node; a project's own mode wins, in its subfolders too", async () => {
  const { place, agent, nodeRan } = await owner();
  await agent.tool('stopgate gate mode off');
  nodeRan();
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(nodeRan()).toBe(false);

  const below = join(place.project, 'src');
  mkdirSync(below);
  const set = await agent.run({
    command: 'stopgate gate mode enforce --project --json',
    cwd: below,
  });
  expect(JSON.parse(set.stdout)).toMatchObject({
    project: place.project,
    because: 'project',
    set: { user: 'off', project: 'enforce' },
  });
  expect(hookOutput(await agent.stop()).decision).toBe('block');
  await agent.tool('stopgate gate mode off --project');
  nodeRan();
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(nodeRan()).toBe(false);
});

it('the mode of one project leaves the owner in another alone', async () => {
  const { place, agent } = await owner();
  const elsewhere = join(place.home, 'elsewhere');
  execFileSync('git', ['init', '-q', elsewhere]);
  await agent.run({ command: 'stopgate gate mode off --project', cwd: elsewhere });
  expect(hookOutput(await agent.stop()).decision).toBe('block');
});

it('the kill switch ends every verdict without starting Node, and gives the modes back', async () => {
  const { place, agent, nodeRan, spent } = await owner();
  await agent.tool('stopgate gate mode enforce --project');
  await agent.tool('stopgate gate kill on');
  nodeRan();
  for (const entry of ['stop-gate-router', 'build-stop'])
    expect(hookOutput(await agent.stop({ command: registered(entry) }))).toEqual(APPROVE);
  expect(nodeRan()).toBe(false);
  expect((await agent.tool('stopgate status')).stdout).toContain('gate: off everywhere since');
  const status = JSON.parse((await agent.tool('stopgate status --json')).stdout);
  expect(status.gate).toMatchObject({ because: 'kill-switch', build: 'off' });

  const off = await agent.tool('stopgate gate kill off --json');
  expect(JSON.parse(off.stdout)).toMatchObject({ build: 'enforce', because: 'project' });
  expect(existsSync(place.paths.armedOff)).toBe(false);
  expect(hookOutput(await agent.stop()).decision).toBe('block');
  expect(spent()).toBe(1);
});

it('the kill switch holds though Node has to be asked', async () => {
  const { place, agent, nodeRan } = await owner();
  await agent.tool('stopgate gate kill on');
  execFileSync('rm', [place.paths.armedOff]);
  nodeRan();
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);
  expect(nodeRan()).toBe(true);
  expect(gateRecords(place)).toMatchObject([{ cause: 'disabled', mode: { build: 'off' } }]);
});

it('STOPGATE_DISABLE=1 beats every mode, and status says that it is set', async () => {
  const { agent, nodeRan, spent } = await owner();
  await agent.tool('stopgate gate mode enforce --project');
  nodeRan();
  const env = { STOPGATE_DISABLE: '1' };
  expect(hookOutput(await agent.stop({ env }))).toEqual(APPROVE);
  expect(nodeRan()).toBe(false);
  expect(spent()).toBe(0);
  const status = await agent.run({ command: 'stopgate status', env });
  expect(status.stdout).toContain('STOPGATE_DISABLE=1 is set here');
});

it('no session is held more often in an hour than its bound, over several builds', async () => {
  const { place, agent } = await owner();
  writeFileSync(join(place.project, 'stopgate.config.json'), '{"budget":{"perHour":3}}');
  const verdicts = [];
  for (const command of ['true', `stopgate build fail && ${START}`, 'true', 'true']) {
    await agent.tool(command);
    verdicts.push(hookOutput(await agent.stop()));
  }
  expect(verdicts.map(({ decision }) => decision)).toEqual(['block', 'block', 'block', 'approve']);
  expect(verdicts[3]?.systemMessage).toContain('3 times within an hour');
  expect(hookOutput(await agent.stop())).toEqual(APPROVE);

  const other = host(place, 'second');
  await agent.tool('stopgate build release');
  await other.tool(START);
  expect(hookOutput(await other.stop()).decision).toBe('block');
});

it('concurrent stops of one session get exactly what its bounds have left', async () => {
  const { place, agent, spent } = await owner();
  writeFileSync(join(place.project, 'stopgate.config.json'), '{"budget":{"perHour":2}}');
  const stops = Array.from({ length: 5 }, (_, n) => ({ prompt_id: `prompt ${n}` }));
  const inputs = stops.map((more) => stopPayload('first', place.project, more));
  const ran = await Promise.all(inputs.map((input) => agent.stop({ input })));
  const outputs = ran.map(({ stdout }) => JSON.parse(stdout));
  const blocks = outputs.filter(({ decision }) => decision === 'block').length;
  expect(blocks).toBeLessThanOrEqual(2);
  expect(spent()).toBe(blocks);
  expect(gateRecords(place)).toHaveLength(5);
  const causes = gateRecords(place).map(({ cause }) => cause);
  expect(causes.filter((cause) => cause === 'unfinished')).toHaveLength(blocks);
});
