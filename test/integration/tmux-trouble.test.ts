import { expect, it } from 'vitest';
import { BOUND_MS } from '../support/expect-output.ts';
import { world } from '../support/fixture.ts';
import { registered } from '../support/installed-tree.ts';
import { judge } from '../support/judge.ts';
import { gateRecords, readState } from '../support/state-files.ts';

it('answers within the bound and approves while the server is stopped, and holds again after', async () => {
  const { place, server, agent } = world();
  const pane = await server.session('work');
  const owner = await agent(pane, 'first');
  await owner.run('stopgate build start "a task"');
  await owner.exit();
  const second = await agent(pane, 'second');
  const pid = await server.pid();
  process.kill(pid, 'SIGSTOP');
  try {
    const ran = await second.stop(registered());
    expect(JSON.parse(ran.stdout)).toEqual({ decision: 'approve' });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.ms).toBeLessThan(BOUND_MS);
    expect(gateRecords(place)).toMatchObject([{ cause: 'foreign' }]);
    expect(readState(place).owner?.sessionId).toBe('first');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const { output, match } = await judge(place, second);
  expect(match.row).toBe('3b');
  expect(output.decision).toBe('block');
});

it('holds the owner by its session id while the server is stopped', async () => {
  const { server, agent } = world();
  const owner = await agent(await server.session('work'), 'first');
  await owner.run('stopgate build start "a task"');
  const pid = await server.pid();
  process.kill(pid, 'SIGSTOP');
  try {
    const ran = await owner.stop(registered());
    expect(JSON.parse(ran.stdout).decision).toBe('block');
    expect(ran.ms).toBeLessThan(BOUND_MS);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

it('starts a build while the server is stopped, owned by session id and process', async () => {
  const { place, server, agent } = world();
  const owner = await agent(await server.session('work'), 'first');
  const pid = await server.pid();
  process.kill(pid, 'SIGSTOP');
  try {
    expect(await owner.run('stopgate build start "a task"')).toMatchObject({ code: 0 });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  expect(readState(place).owner).toMatchObject({
    sessionId: 'first',
    agent: { pid: owner.pid },
    pane: null,
  });
});

it('goes by the session id alone when the server is dead', async () => {
  const { place, server, agent } = world();
  const owner = await agent(await server.session('work'), 'first', { outlives: true });
  try {
    await owner.run('stopgate build start "a task"');
    await server.stop();
    const known = await judge(place, owner);
    expect(known.match.row).toBe(2);
    expect(known.output.decision).toBe('block');
    const cleared = await judge(place, await owner.clear('second'));
    expect(cleared.match).toMatchObject({ answer: 'foreign', row: 8 });
    expect(cleared.output).toEqual({ decision: 'approve' });
    expect(readState(place).owner?.sessionId).toBe('first');
  } finally {
    await owner.exit();
  }
});

it('approves when tmux is not installed', async () => {
  const { place, server, agent } = world();
  const owner = await agent(await server.session('work'), 'first');
  await owner.run('stopgate build start "a task"');
  const cleared = await owner.clear('second');
  const ran = await cleared.stop(registered(), { env: { PATH: '/nonexistent' } });
  expect(JSON.parse(ran.stdout)).toEqual({ decision: 'approve' });
  expect(gateRecords(place)).toMatchObject([{ cause: 'foreign' }]);
});
