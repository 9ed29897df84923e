import { expect, it } from 'vitest';
import type { Agent } from '../support/agent.ts';
import { type World, world } from '../support/fixture.ts';
import { judge } from '../support/judge.ts';
import { begin, clear, fire, leave, prompt } from '../support/session-events.ts';
import { readState } from '../support/state-files.ts';

type Owned = World & { pane: string; owner: Agent };

/** A build that the agent `first` owns, in the only pane of the tmux session `work`. */
async function ownedBuild(): Promise<Owned> {
  const all = world();
  const pane = await all.server.session('work');
  const owner = await all.agent(pane, 'first');
  await begin(all.place, owner);
  await owner.run('stopgate build start "a task"');
  return { ...all, pane, owner };
}

/** An agent that starts in a pane, with what the session hook told it. */
async function starts({ place, agent }: World, pane: string, id: string) {
  const second = await agent(pane, id);
  return { second, told: await begin(place, second) };
}

const history = (all: World) => readState(all.place).history.map(({ what }) => what);

it('holds the owner by its session id after its tmux session was renamed', async () => {
  const { place, server, owner } = await ownedBuild();
  await server.ask('rename-session', '-t', '$0', 'elsewhere');
  const { output, match, record } = await judge(place, owner);
  expect(match).toMatchObject({ answer: 'owner', row: 2 });
  expect(output.decision).toBe('block');
  expect(record).toMatchObject({ cause: 'unfinished', row: 2 });
});

it('keeps an owner that was cleared, in a renamed tmux session (row 3a)', async () => {
  const all = await ownedBuild();
  const { place, server, owner } = all;
  await server.ask('rename-session', '-t', '$0', 'elsewhere');
  const cleared = await clear(place, owner, 'second');
  const { output, match } = await judge(place, cleared);
  expect(match).toMatchObject({ answer: 'owner', row: 2, inherited: false });
  expect(output.decision).toBe('block');
  expect(readState(place)).toMatchObject({
    owner: { sessionId: 'second', former: ['first'], agent: { pid: owner.pid } },
    history: [{ what: 'started' }, { what: 'cleared', note: expect.stringContaining('row 3a') }],
  });
});

it('lets a conversation go that the owner’s process resumed into, and holds the owner when it is back', async () => {
  const { place, owner } = await ownedBuild();
  await fire(place, owner, 'SessionEnd', { reason: 'resume' });
  const other = await owner.clear('other');
  await begin(place, other, 'resume');
  expect((await judge(place, other)).output).toEqual({ decision: 'approve' });
  const cleared = await clear(place, other, 'after-other');
  expect((await judge(place, cleared)).output).toEqual({ decision: 'approve' });
  const back = await owner.clear('first');
  await begin(place, back, 'resume');
  expect((await judge(place, back)).output.decision).toBe('block');
});

it('holds the owner whose pane was joined to another tmux session', async () => {
  const { place, server, pane, owner } = await ownedBuild();
  await server.session('other');
  await server.ask('join-pane', '-d', '-s', pane, '-t', '=other:');
  const moved = await judge(place, owner);
  expect(moved.match.row).toBe(2);
  expect(moved.output.decision).toBe('block');
  const cleared = await judge(place, await clear(place, owner, 'second'));
  expect(cleared.output.decision).toBe('block');
  expect(readState(place).owner).toMatchObject({ sessionId: 'second', pane: { id: pane } });
});

it('gives the build to an agent restarted in the same pane, and says so to all (row 3b)', async () => {
  const all = await ownedBuild();
  const { place, pane, owner } = all;
  await leave(place, owner);
  const { second, told } = await starts(all, pane, 'second');
  expect(told.hookSpecificOutput?.additionalContext).toContain(
    'taken over just now from claude first',
  );
  expect(told.systemMessage).toContain('took over the unfinished build');
  const { output, match, record } = await judge(place, second);
  expect(match).toMatchObject({ answer: 'owner', row: 2, inherited: true });
  expect(output.decision).toBe('block');
  expect(output.reason).toContain('stopgate build release');
  expect(record).toMatchObject({ row: 2, session: 'second' });
  expect(readState(place)).toMatchObject({
    owner: { sessionId: 'second', agent: { pid: second.pid }, pane: { id: pane } },
    history: [{}, { what: 'inherited', note: expect.stringContaining('row 3b') }],
  });
  expect((await prompt(place, second)).systemMessage).toBeUndefined();
});

it('takes an agent in a respawned pane for the restarted one (row 3b)', async () => {
  const all = await ownedBuild();
  await all.server.ask('respawn-pane', '-k', '-t', all.pane, '/bin/sh');
  const { second } = await starts(all, all.pane, 'second');
  const { output } = await judge(all.place, second);
  expect(output.decision).toBe('block');
  expect(history(all)).toEqual(['started', 'inherited']);
});

it('gives the build to an agent restarted in a new pane when the old one is gone (row 6)', async () => {
  const all = await ownedBuild();
  const { place, server, pane, owner } = all;
  const next = await server.split(pane);
  await leave(place, owner);
  await server.ask('kill-pane', '-t', pane);
  const { second } = await starts(all, next, 'second');
  const { output } = await judge(place, second);
  expect(output.decision).toBe('block');
  expect(readState(place)).toMatchObject({
    owner: { sessionId: 'second', agent: { pid: second.pid }, pane: { id: next } },
    history: [{}, { what: 'inherited', note: expect.stringContaining('row 6') }],
  });
});

it('finds the owner by the tmux session name after the server was restarted (row 6)', async () => {
  const all = await ownedBuild();
  await leave(all.place, all.owner);
  await all.server.stop();
  const { second } = await starts(all, await all.server.session('work'), 'second');
  expect((await judge(all.place, second)).output.decision).toBe('block');
});

it('lets an inherited owner give the build up', async () => {
  const all = await ownedBuild();
  const { place, pane, owner } = all;
  await leave(place, owner);
  const { second } = await starts(all, pane, 'second');
  expect((await judge(place, second)).output.decision).toBe('block');
  expect(await second.run('stopgate build release')).toMatchObject({ code: 0 });
  const { output, match } = await judge(place, second);
  expect(match).toMatchObject({ answer: 'unowned', row: 1 });
  expect(output).toEqual({ decision: 'approve' });
});

it('gives the build back to a session that owned it before, when its heir has ended', async () => {
  const all = await ownedBuild();
  const { place, server, pane, owner, agent } = all;
  await leave(place, owner);
  const { second } = await starts(all, pane, 'second');
  expect((await judge(place, second)).output.decision).toBe('block');
  const again = await agent(await server.session('else'), 'first');
  await begin(place, again, 'resume');
  expect((await judge(place, again)).output).toEqual({ decision: 'approve' });
  await leave(place, second);
  expect((await judge(place, again)).output.decision).toBe('block');
  expect(history(all)).toEqual(['started', 'inherited', 'returned']);
});

it('tells the person when the session of the owner runs in two processes', async () => {
  const all = await ownedBuild();
  const twin = await all.agent(await all.server.session('else'), 'first');
  expect((await begin(all.place, twin, 'resume')).systemMessage).toContain('runs twice');
  expect((await judge(all.place, twin)).output.reason).toContain('1 of 5');
  expect((await judge(all.place, all.owner)).output.reason).toContain('2 of 5');
});

it('without recorded starts only the stamped pane and a younger process count', async () => {
  const all = world();
  const pane = await all.server.session('work');
  const beside = await all.agent(await all.server.split(pane), 'beside');
  const owner = await all.agent(pane, 'first');
  await owner.run('stopgate build start "a task"');
  await owner.exit();
  expect((await judge(all.place, beside)).output).toEqual({ decision: 'approve' });
  const second = await all.agent(pane, 'second');
  const { output, record } = await judge(all.place, second);
  expect(output.decision).toBe('block');
  expect(record).toMatchObject({ row: '3b' });
});
