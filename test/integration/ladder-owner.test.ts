import { expect, it } from 'vitest';
import type { Agent } from '../support/agent.ts';
import { type World, world } from '../support/fixture.ts';
import { judge } from '../support/judge.ts';
import { readState } from '../support/state-files.ts';

/** A build that the agent `first` owns, in the only pane of the tmux session `work`. */
async function ownedBuild(): Promise<World & { pane: string; owner: Agent }> {
  const all = world();
  const pane = await all.server.session('work');
  const owner = await all.agent(pane, 'first');
  await owner.run('stopgate build start "a task"');
  return { ...all, pane, owner };
}

it('holds the owner by its session id after its tmux session was renamed', async () => {
  const { place, server, owner } = await ownedBuild();
  await server.ask('rename-session', '-t', '$0', 'elsewhere');
  const { output, match, record } = await judge(place, owner);
  expect(match).toMatchObject({ answer: 'owner', row: 2 });
  expect(output.decision).toBe('block');
  expect(record).toMatchObject({ cause: 'unfinished', row: 2 });
});

it('holds the owner in a renamed tmux session under a new session id (row 3)', async () => {
  const { place, server, owner } = await ownedBuild();
  await server.ask('rename-session', '-t', '$0', 'elsewhere');
  const cleared = await owner.clear('second');
  const { output, match, record } = await judge(place, cleared);
  expect(match).toMatchObject({ answer: 'owner', row: 3, inherited: true });
  expect(output.decision).toBe('block');
  expect(record).toMatchObject({ cause: 'unfinished', row: 3 });
  expect(readState(place).owner).toMatchObject({
    sessionId: 'second',
    agent: { pid: owner.pid },
    pane: { sessionName: 'elsewhere' },
  });
});

it('holds the owner whose pane was joined to another tmux session', async () => {
  const { place, server, pane, owner } = await ownedBuild();
  await server.session('other');
  await server.ask('join-pane', '-d', '-s', pane, '-t', '=other:');
  const moved = await judge(place, owner);
  expect(moved.match.row).toBe(2);
  expect(moved.output.decision).toBe('block');
  const cleared = await judge(place, await owner.clear('second'));
  expect(cleared.match).toMatchObject({ answer: 'owner', row: 3 });
  expect(cleared.output.decision).toBe('block');
  expect(readState(place).owner).toMatchObject({ sessionId: 'second', pane: { id: pane } });
});

it('gives the build to an agent restarted in the same pane, and writes it back (row 3)', async () => {
  const { place, server, pane, owner, agent } = await ownedBuild();
  await server.split(pane);
  await owner.exit();
  const second = await agent(pane, 'second');
  const { output, match, record } = await judge(place, second);
  expect(match).toMatchObject({ answer: 'owner', row: 3, inherited: true });
  expect(output.decision).toBe('block');
  expect(output.reason).toContain('stopgate build release');
  expect(record).toMatchObject({ row: 3, session: 'second' });
  expect(readState(place).owner).toMatchObject({
    sessionId: 'second',
    agent: { pid: second.pid },
    pane: { id: pane },
  });
  expect((await judge(place, second)).match.row).toBe(2);
});

it('takes an agent in a respawned pane for the restarted one (row 3)', async () => {
  const { place, server, pane, agent } = await ownedBuild();
  await server.ask('respawn-pane', '-k', '-t', pane, '/bin/sh');
  const { output, match } = await judge(place, await agent(pane, 'second'));
  expect(match).toMatchObject({ answer: 'owner', row: 3 });
  expect(output.decision).toBe('block');
});

it('gives the build to an agent restarted in a new pane when the old one is gone (row 6)', async () => {
  const { place, server, pane, agent } = await ownedBuild();
  const next = await server.split(pane);
  await server.ask('kill-pane', '-t', pane);
  const second = await agent(next, 'second');
  const { output, match, record } = await judge(place, second);
  expect(match).toMatchObject({ answer: 'owner', row: 6, inherited: true });
  expect(output.decision).toBe('block');
  expect(output.reason).toContain('stopgate build release');
  expect(record).toMatchObject({ row: 6 });
  expect(readState(place).owner).toMatchObject({
    sessionId: 'second',
    agent: { pid: second.pid },
    pane: { id: next },
  });
});

it('finds the owner by the tmux session name after the server was restarted (row 6)', async () => {
  const { place, server, agent } = await ownedBuild();
  await server.stop();
  const pane = await server.session('work');
  const { output, match } = await judge(place, await agent(pane, 'second'));
  expect(match).toMatchObject({ answer: 'owner', row: 6 });
  expect(output.decision).toBe('block');
});

it('lets an inherited owner give the build up', async () => {
  const { place, pane, owner, agent } = await ownedBuild();
  await owner.exit();
  const second = await agent(pane, 'second');
  expect((await judge(place, second)).output.decision).toBe('block');
  expect(await second.run('stopgate build release')).toMatchObject({ code: 0 });
  const { output, match } = await judge(place, second);
  expect(match).toMatchObject({ answer: 'unowned', row: 1 });
  expect(output).toEqual({ decision: 'approve' });
});
