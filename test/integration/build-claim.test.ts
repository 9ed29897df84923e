import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { world } from '../support/fixture.ts';
import { judge } from '../support/judge.ts';
import { asPerson } from '../support/person.ts';
import { begin, leave, prompt } from '../support/session-events.ts';
import { readState, stateFile } from '../support/state-files.ts';

/** A build of the agent `first`, and the agent `second` in another tmux session. */
async function twoAgents() {
  const all = world();
  const first = await all.agent(await all.server.session('work'), 'first');
  await begin(all.place, first);
  const second = await all.agent(await all.server.session('else'), 'second');
  await begin(all.place, second);
  await first.run('stopgate build start "a task" --size small');
  return { ...all, first, second, id: readState(all.place).id };
}

it('refuses the build of a living owner by name, to an agent and to a person without a name', async () => {
  const { place, server, second, id } = await twoAgents();
  const before = readFileSync(stateFile(place), 'utf8');
  const asked = await second.run(`stopgate build claim ${id}`);
  expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('claude first') });
  const named = await second.run(`stopgate build claim ${id} --owner-session second --force`);
  expect(named).toMatchObject({ code: 1, stderr: expect.stringContaining('is alive') });
  const person = await asPerson(place, server, `stopgate build claim ${id}`);
  expect(person).toMatchObject({ code: 1, stderr: expect.stringContaining('--owner-session') });
  expect(readFileSync(stateFile(place), 'utf8')).toBe(before);
});

it('lets a person hand over the build of a living owner, which then holds the other', async () => {
  const { place, server, first, second, id } = await twoAgents();
  const handed = await asPerson(place, server, `stopgate build claim ${id} --owner-session second`);
  expect(handed).toMatchObject({ code: 0, stdout: expect.stringContaining('claude second') });
  expect(readState(place).owner).toMatchObject({ agent: { pid: second.pid }, former: ['first'] });
  expect((await judge(place, first)).output).toEqual({ decision: 'approve' });
  expect((await judge(place, second)).output.decision).toBe('block');
});

it('takes up a released build, and one whose owner has ended', async () => {
  const { place, first, second, id } = await twoAgents();
  await first.run('stopgate build release');
  expect(await first.run(`stopgate build claim ${id}`)).toMatchObject({ code: 0 });
  expect((await judge(place, first)).output.decision).toBe('block');
  await leave(place, first);
  expect(await second.run(`stopgate build claim ${id}`)).toMatchObject({ code: 0 });
  expect((await judge(place, second)).output.reason).toContain('Reminder 2 of 3');
  expect(readState(place).history.map(({ what }) => what)).toEqual([
    'started',
    'released',
    'claimed',
    'claimed',
  ]);
});

it('says so when the build is the caller’s already, and refuses a second one', async () => {
  const { place, first, second, id } = await twoAgents();
  expect(await first.run(`stopgate build claim ${id}`)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('already'),
  });
  await second.run('stopgate build start "another"');
  await leave(place, first);
  const asked = await second.run(`stopgate build claim ${id}`);
  expect(asked).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('already has an unfinished'),
  });
});

it('asks a person for --force where nothing tells whether the owner has ended', async () => {
  const { place, server, first, second, id } = await twoAgents();
  const state = readState(place);
  writeFileSync(
    stateFile(place),
    JSON.stringify({ ...state, owner: { ...state.owner, agent: null, sessionId: 'unseen' } }),
  );
  const asked = await second.run(`stopgate build claim ${id} --force`);
  expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing can tell') });
  const forced = `stopgate build claim ${id} --owner-session first --force`;
  expect(await asPerson(place, server, forced)).toMatchObject({ code: 0 });
  expect((await judge(place, first)).output.decision).toBe('block');
});

it('renews a spent budget once for each prompt of a person, and never for a wake', async () => {
  const { place, server, first, id } = await twoAgents();
  expect(await first.run('stopgate build renew')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('nothing to renew'),
  });
  for (let n = 0; n < 3; n++) expect((await judge(place, first)).output.decision).toBe('block');
  const capped = await judge(place, first);
  expect(capped.output.systemMessage).toContain('stopgate build renew');
  expect(await first.run('stopgate build renew')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no prompt of a person'),
  });
  await prompt(place, first, '<task-notification>done</task-notification>');
  expect(await first.run('stopgate build renew')).toMatchObject({ code: 1 });
  await prompt(place, first, 'go on');
  expect(await first.run('stopgate build renew')).toMatchObject({ code: 0 });
  for (let n = 0; n < 3; n++) expect((await judge(place, first)).output.decision).toBe('block');
  expect((await judge(place, first)).output.decision).toBe('approve');
  expect(await first.run('stopgate build renew')).toMatchObject({ code: 1 });
  const person = await asPerson(place, server, `stopgate build renew --build ${id}`);
  expect(person).toMatchObject({ code: 0 });
  expect((await judge(place, first)).output.decision).toBe('block');
});

it('starts no second build beside one that a newer stopgate wrote', async () => {
  const { place, first } = await twoAgents();
  writeFileSync(stateFile(place), JSON.stringify({ ...readState(place), schema: 99 }));
  const started = await first.run('stopgate build start "again"');
  expect(started).toMatchObject({ code: 1, stderr: expect.stringContaining('Update stopgate') });
});

it('begins in the phase that is asked for, and says that an empty owner counts as not given', async () => {
  const { place, second } = await twoAgents();
  await second.run('stopgate build fail');
  const started = await second.run(
    'stopgate build start "plan it" --phase planning --owner-tmux ""',
  );
  expect(started).toMatchObject({
    code: 0,
    stderr: '--owner-tmux is empty: it counts as not given\n',
  });
  expect(started.stdout).toContain('phase planning');
  const moved = await second.run('stopgate build phase planning');
  expect(moved).toMatchObject({ code: 0 });
  expect((await judge(place, second)).output.decision).toBe('block');
});
