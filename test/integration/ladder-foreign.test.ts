import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Agent, type RunOptions, startAgent } from '../support/agent.ts';
import { type World, world } from '../support/fixture.ts';
import { judge } from '../support/judge.ts';
import { packageRoot } from '../support/scratch.ts';
import { begin, leave, prompt } from '../support/session-events.ts';
import { readState, stateFile } from '../support/state-files.ts';
import { tmuxServer } from '../support/tmux-server.ts';

const bundle = `node '${packageRoot}dist/hooks/build-stop.cjs' --host claude`;

async function ownedBuild(options = {}): Promise<World & { pane: string; owner: Agent }> {
  const all = world();
  const pane = await all.server.session('work');
  const owner = await all.agent(pane, 'first', options);
  await owner.run('stopgate build start "a task"');
  return { ...all, pane, owner };
}

/** The owner of a build, with its start on record, in the only pane of the tmux session `work`. */
async function recordedBuild(): Promise<World & { pane: string; owner: Agent }> {
  const all = world();
  const pane = await all.server.session('work');
  const owner = await all.agent(pane, 'first');
  await begin(all.place, owner);
  await owner.run('stopgate build start "a task"');
  return { ...all, pane, owner };
}

/** The launcher and the bundle both let this agent go, and neither changes the owner's state by a byte. */
async function expectForeign(
  { place }: World,
  agent: Agent,
  row: number,
  options: RunOptions = {},
): Promise<void> {
  const before = readFileSync(stateFile(place));
  for (const command of [undefined, bundle]) {
    const { output, match, record } = await judge(place, agent, options, command);
    expect(match).toMatchObject({ answer: 'foreign', row });
    expect(output).toEqual({ decision: 'approve' });
    if (record !== null || command) expect(record).toMatchObject({ cause: 'foreign' });
  }
  expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
}

it('lets a child agent in the pane of the owner go (row 4)', async () => {
  const all = await ownedBuild();
  await expectForeign(all, await all.owner.child('child'), 4);
});

it('lets a neighbour pane go while the owner lives (row 7)', async () => {
  const all = await ownedBuild();
  const beside = await all.server.split(all.pane);
  await expectForeign(all, await all.agent(beside, 'neighbour'), 7);
});

it('lets a neighbour pane go while the pane of a dead owner is there (row 7)', async () => {
  const all = await ownedBuild();
  const beside = await all.server.split(all.pane);
  await all.owner.exit();
  await expectForeign(all, await all.agent(beside, 'neighbour'), 7);
});

it('lets a neighbour pane go while an owner without its pane lives (row 7)', async () => {
  const all = await ownedBuild({ outlives: true });
  const beside = await all.server.split(all.pane);
  await all.server.ask('kill-pane', '-t', all.pane);
  try {
    await expectForeign(all, await all.agent(beside, 'neighbour'), 7);
  } finally {
    await all.owner.exit();
  }
});

it('lets another tmux session go, whether the owner lives or not (row 8)', async () => {
  const all = await ownedBuild();
  const other = await all.agent(await all.server.session('other'), 'other');
  await expectForeign(all, other, 8);
  await all.server.ask('kill-session', '-t', '$0');
  await expectForeign(all, other, 8);
});

it('lets an agent of another server go that bears the same ids and names (row 8)', async () => {
  const all = await ownedBuild();
  const server = tmuxServer(all.place);
  try {
    const pane = await server.session('work');
    expect(pane).toBe(all.pane);
    const twin = { ...all, server };
    await all.owner.exit();
    await expectForeign(twin, await startAgent(all.place, server, pane, 'second'), 8);
  } finally {
    await server.stop();
  }
});

it('gives nothing to an agent restarted in the pane for another checkout (row 4)', async () => {
  const all = await ownedBuild();
  const cwd = join(all.place.home, 'another');
  mkdirSync(join(cwd, '.git'), { recursive: true });
  await all.owner.exit();
  const second = await all.agent(all.pane, 'second', { cwd });
  await expectForeign(all, second, 4, { cwd });
});

it('gives nothing to an agent in a checkout nested in the one of the build (row 4)', async () => {
  const all = await ownedBuild();
  const cwd = join(all.place.project, 'nested');
  mkdirSync(join(cwd, '.git'), { recursive: true });
  await all.owner.exit();
  const second = await all.agent(all.pane, 'second');
  await expectForeign(all, second, 4, { cwd });
});

it('takes no agent of a restarted server for the owner whose pane id it bears (row 8)', async () => {
  const all = await ownedBuild();
  await all.server.stop();
  const pane = await all.server.session('other');
  expect(pane).toBe(all.pane);
  await expectForeign(all, await all.agent(pane, 'second'), 8);
});

it('believes no environment that is older than the server (row 8)', async () => {
  const all = world();
  const { place, server } = all;
  const stale = await all.agent(await server.session('work'), 'stale', { outlives: true });
  try {
    await server.stop();
    const pane = await server.session('work');
    const owner = await all.agent(pane, 'first');
    await owner.run('stopgate build start "a task"');
    expect(readState(place).owner?.pane?.id).toBe(stale.env.TMUX_PANE);
    await owner.exit();
    await expectForeign(all, stale, 8);
  } finally {
    await stale.exit();
  }
});

it('believes no pane that the asking process does not descend from (row 8)', async () => {
  const all = await ownedBuild();
  const other = await all.agent(await all.server.session('other'), 'other');
  await all.owner.exit();
  await expectForeign(all, other, 8, { env: { TMUX_PANE: all.pane } });
});

it('never gives a build to a neighbour that ran beside its owner, however the owner ends (row 7)', async () => {
  const all = await recordedBuild();
  const neighbour = await all.agent(await all.server.split(all.pane), 'neighbour');
  await begin(all.place, neighbour);
  await leave(all.place, all.owner);
  await all.server.ask('kill-pane', '-t', all.pane);
  await prompt(all.place, neighbour);
  await expectForeign(all, neighbour, 7);
  const again = await all.agent(await all.server.split(neighbour.env.TMUX_PANE ?? ''), 'first');
  await begin(all.place, again, 'resume');
  expect((await judge(all.place, again)).output).toMatchObject({
    decision: 'block',
    reason: expect.stringContaining('Reminder 1 of 5'),
  });
});

it('never gives a build to the parent of the child that owned it (row 4)', async () => {
  const all = world();
  const parent = await all.agent(await all.server.session('work'), 'parent');
  await begin(all.place, parent);
  const child = await parent.child('child');
  await begin(all.place, child);
  await child.run('stopgate build start "a task"');
  await leave(all.place, child);
  await prompt(all.place, parent);
  await expectForeign(all, parent, 4);
});

it('never gives a build to a child that outlives its owner in the pane (row 8)', async () => {
  const all = await recordedBuild();
  const child = await all.owner.child('child');
  await begin(all.place, child);
  process.kill(all.owner.pid, 'SIGKILL');
  await all.owner.exit();
  await prompt(all.place, child);
  await expectForeign(all, child, 8);
});

it('names the build to a restart that one of several agents could be, and `build claim` takes it', async () => {
  const all = await recordedBuild();
  const { place, server, pane, owner } = all;
  const beside = await all.agent(await server.split(pane), 'beside');
  await begin(place, beside);
  await leave(place, owner);
  await server.ask('kill-pane', '-t', pane);
  const second = await all.agent(await server.split(beside.env.TMUX_PANE ?? ''), 'second');
  const told = await begin(place, second);
  const { id } = readState(place);
  expect(told.hookSpecificOutput?.additionalContext).toContain(`stopgate build claim ${id}`);
  await expectForeign(all, second, 7);
  const claimed = await second.run(`stopgate build claim ${id}`);
  expect(claimed).toMatchObject({ code: 0, stdout: expect.stringContaining('claimed') });
  expect((await judge(place, second)).output.decision).toBe('block');
});
