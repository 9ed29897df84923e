import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quote } from '../support/agent.ts';
import { cli } from '../support/cli.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { registered } from '../support/installed-tree.ts';
import { stopPayload } from '../support/payload.ts';
import { gateRecords, readState } from '../support/state-files.ts';

/** An agent that owns a build in a directory that is removed under it, and runs everything from there. */
async function inGoneDirectory() {
  const place = scratch();
  const gone = join(place.project, 'gone');
  const agent = host(place, 'first');
  const from = (command: string, more: object = {}) => {
    mkdirSync(gone, { recursive: true });
    return agent.run({ command: `cd ${quote(gone)} && rm -r ../gone && ${command}`, ...more });
  };
  expect(await agent.tool('mkdir gone && cd gone && stopgate build start "a task"')).toMatchObject({
    code: 0,
  });
  rmSync(gone, { recursive: true });
  return { place, gone, agent, from };
}

it('holds the owner whose directory is gone, and every command that it is told of works', async () => {
  const { place, gone, from } = await inGoneDirectory();
  // The shell itself says on stderr that the directory is gone.
  const stop = await from(`${registered()} 2>/dev/null`, { input: stopPayload('first', gone) });
  const { decision, reason } = hookOutput(stop) as { decision: string; reason: string };
  expect(decision).toBe('block');
  expect(gateRecords(place)).toMatchObject([{ cause: 'unfinished' }]);
  const named = ['step', 'pause', 'wait', 'fail', 'complete'].map(
    (word) => `stopgate build ${word}`,
  );
  for (const command of named) expect(reason).toContain(command);
  for (const command of [
    'stopgate status --why',
    'stopgate install',
    'stopgate doctor',
    'stopgate gate mode',
    'stopgate build step "one"',
    'stopgate build pause --reason "why?"',
    'stopgate build resume',
    '{ sleep 5 >/dev/null 2>&1 & stopgate build wait --for 1m --pid $!; }',
    'stopgate build phase verifying',
    'stopgate build complete',
    'stopgate build start "another task"',
    'stopgate build fail',
  ])
    expect([command, await from(command)]).toMatchObject([command, { code: 0, stderr: '' }]);
});

it('refuses to start something in a directory that is gone, and names it', async () => {
  const { gone, from } = await inGoneDirectory();
  for (const command of [
    'stopgate build wait --until true',
    'stopgate run --tmux name -- true',
    'stopgate run --role intake -- true',
    'stopgate session report --plan plan.json',
    'stopgate install --scope project',
  ])
    expect([command, await from(command)]).toMatchObject([
      command,
      { code: 1, stderr: expect.stringContaining(`The current directory, ${gone}, is gone`) },
    ]);
});

it('a payload whose directory is not there is judged all the same', async () => {
  const { place, agent, gone } = await inGoneDirectory();
  const foreign = host(place, 'other', process.ppid);
  expect(hookOutput(await foreign.stop({ input: stopPayload('other', gone) }))).toEqual({
    decision: 'approve',
  });
  expect(hookOutput(await agent.stop({ input: stopPayload('first', gone) })).decision).toBe(
    'block',
  );
});

it('an owner’s id that is too long is refused, and keeps nothing', async () => {
  const place = scratch();
  const id = 'x'.repeat(1001);
  for (const flag of ['--owner-session', '--owner-tmux'])
    expect(await cli(place, ['build', 'start', 'a task', flag, id])).toMatchObject({ code: 2 });
  const started = await cli(place, ['build', 'start', 'a task'], { CLAUDE_CODE_SESSION_ID: id });
  expect(started.code).toBe(1);
  expect(() => readState(place)).toThrow();
});
