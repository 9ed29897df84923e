import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Agent } from '../support/agent.ts';
import { world } from '../support/fixture.ts';
import { judge } from '../support/judge.ts';
import type { Scratch } from '../support/scratch.ts';
import { begin } from '../support/session-events.ts';
import { readState, stateFile } from '../support/state-files.ts';

it('gives a build of a tmux session name to the first agent that stops there (row 5)', async () => {
  const { place, server, agent } = world();
  const outside = await agent(await server.session('lead'), 'lead');
  const first = await agent(await server.session('build'), 'first');
  await begin(place, first);
  await outside.run('stopgate build start "a task" --owner-tmux build');
  expect(readState(place).owner).toMatchObject({ sessionId: null, pane: null, tmuxName: 'build' });
  const child = await first.child('child');
  await begin(place, child);
  expect((await judge(place, child)).output).toEqual({ decision: 'approve' });
  expect((await judge(place, outside)).output).toEqual({ decision: 'approve' });
  const { output, match, record } = await judge(place, first);
  expect(match).toMatchObject({ answer: 'owner', row: 5 });
  expect(output.decision).toBe('block');
  expect(record).toMatchObject({ row: 5, cause: 'unfinished' });
  expect(readState(place).owner).toMatchObject({
    sessionId: 'first',
    agent: { pid: first.pid },
    tmuxName: null,
  });
});

it('lets a second agent of the named tmux session go once the first was found (row 7)', async () => {
  const { place, server, agent } = world();
  const pane = await server.session('build');
  const first = await agent(pane, 'first');
  const second = await agent(await server.split(pane), 'second');
  await first.run('stopgate build start "a task" --owner-tmux build');
  expect((await judge(place, first)).output.decision).toBe('block');
  const { output, match } = await judge(place, second);
  expect(match).toMatchObject({ answer: 'foreign', row: 7 });
  expect(output).toEqual({ decision: 'approve' });
});

it.each(['build-2', 'buil', 'Build'])(
  'takes the tmux session %s not for build, which is not there',
  async (name) => {
    const { place, server, agent } = world();
    const other = await agent(await server.session(name), 'other');
    await other.run('stopgate build start "a task" --owner-tmux build');
    const before = readFileSync(stateFile(place));
    const { output, match } = await judge(place, other);
    expect(match).toMatchObject({ answer: 'foreign', row: 8 });
    expect(output).toEqual({ decision: 'approve' });
    expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
  },
);

it('takes build-2 not for the session build whose agent and pane are gone', async () => {
  const { place, server, agent } = world();
  const other = await agent(await server.session('build-2'), 'other');
  const first = await agent(await server.session('build'), 'first');
  await first.run('stopgate build start "a task"');
  await server.ask('kill-session', '-t', '=build');
  const { output, match } = await judge(place, other);
  expect(match).toMatchObject({ answer: 'foreign', row: 8 });
  expect(output).toEqual({ decision: 'approve' });
});

const SHARED: [string, string[]][] = [
  ['a session group', ['new-session', '-d', '-t', '=work', '-s', 'twin']],
  ['a linked window', ['link-window', '-d', '-s', '=work:', '-t', '=other:']],
];

/** An agent in a pane that two sessions show. */
async function shownTwice(share: string[]) {
  const all = world();
  const pane = await all.server.session('work');
  await all.server.session('other');
  await all.server.ask(...share);
  return { ...all, pane, first: await all.agent(pane, 'first') };
}

/** Such a pane makes nobody an owner, and its stop changes no byte. */
async function provesNothing(place: Scratch, agent: Agent, row: 7 | 8): Promise<void> {
  const before = readFileSync(stateFile(place));
  const { output, match } = await judge(place, agent);
  expect(match).toMatchObject({ answer: 'foreign', row });
  expect(match.facts.join()).toContain('several tmux sessions');
  expect(output).toEqual({ decision: 'approve' });
  expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
}

it.each(SHARED)(
  'gives nothing by name to a pane that %s shows in two sessions',
  async (_, share) => {
    const { place, server, pane, first } = await shownTwice(share);
    // The name that tmux itself gives the pane: one of two, so it proves nothing.
    const name = await server.ask('display-message', '-p', '-t', pane, '#S');
    await first.run(`stopgate build start "a task" --owner-tmux ${name}`);
    await provesNothing(place, first, 8);
  },
);

it.each(SHARED)(
  'lets nobody inherit in a new pane that %s shows in two sessions',
  async (_, share) => {
    const { place, server, agent, pane, first } = await shownTwice(share);
    await first.run('stopgate build start "a task"');
    const next = await server.split(pane);
    await server.ask('kill-pane', '-t', pane);
    const second = await agent(next, 'second');
    await provesNothing(place, second, 7);
  },
);
