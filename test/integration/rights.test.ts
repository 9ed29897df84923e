import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../support/cli.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import type { Scratch } from '../support/scratch.ts';
import { readState } from '../support/state-files.ts';
import { tmuxServer } from '../support/tmux-server.ts';
import { until } from '../support/until.ts';

/** A command that an agent wrote down, and who runs it later. */

let place: Scratch;
beforeEach(() => {
  place = scratch();
});

const ran = () => existsSync(join(place.project, 'ran'));
const id = () => readState(place).id;

/** A build whose check an agent wrote down. */
async function written(check = 'touch ran'): Promise<void> {
  const agent = host(place, 'first');
  await agent.tool(`stopgate build start "a task" --check "${check}"`);
  expect(readState(place)).toMatchObject({
    checksFrom: { by: 'claude', session: 'first', contained: false },
  });
}

describe('a person who completes the build of an agent', () => {
  it('has nothing run that was not shown', async () => {
    await written();
    const { code, stderr } = await cli(place, ['build', 'complete', '--build', id()]);
    expect(code).toBe(1);
    expect(stderr).toContain('a session of claude (first) wrote it down');
    expect(stderr).toContain(`in a terminal: stopgate build complete --build ${id()}`);
    expect(ran()).toBe(false);
    expect(readState(place).phase).toBe('executing');
  });

  it.each([
    ['y', true],
    ['n', false],
    ['', false],
  ])('sees the command in a terminal, and answers "%s"', async (answer, runs) => {
    await written();
    const server = tmuxServer(place);
    onTestFinished(() => server.stop());
    const pane = await server.session('work');
    const screen = () => server.ask('capture-pane', '-p', '-J', '-t', pane);
    await server.type(pane, `stopgate build complete --build ${id()}; echo "exit $?"`);
    await until('the question', async () => (await screen()).includes('with all your rights?'));
    expect(await screen()).toContain('  touch ran');
    expect(ran()).toBe(false);
    await server.type(pane, answer);
    await until('the end', async () => /^exit \d/m.test(await screen()));
    expect(ran()).toBe(runs);
    expect(readState(place).phase).toBe(runs ? 'complete' : 'executing');
  });

  it('sees every line of it, and nothing that a terminal obeys', async () => {
    const path = place.paths.build('x');
    await written();
    const build = { ...readState(place), checks: ['true\n\u001b[2Jtouch ran'] };
    writeFileSync(path.replace('x.json', `${id()}.json`), JSON.stringify(build));
    const server = tmuxServer(place);
    onTestFinished(() => server.stop());
    const pane = await server.session('work');
    const screen = () => server.ask('capture-pane', '-p', '-J', '-t', pane);
    await server.type(pane, `stopgate build complete --build ${id()}`);
    await until('the question', async () => (await screen()).includes('with all your rights?'));
    expect(await screen()).toContain(String.raw`  true\n\x1b[2Jtouch ran`);
    await server.type(pane, 'n');
  });

  it('is not shown a command that does not fit on a screen', async () => {
    await written(`touch ran # ${'x'.repeat(5000)}`);
    const server = tmuxServer(place);
    onTestFinished(() => server.stop());
    const pane = await server.session('work');
    const screen = () => server.ask('capture-pane', '-p', '-J', '-t', pane);
    await server.type(pane, `stopgate build complete --build ${id()}; echo "exit $?"`);
    await until('the end', async () => /^exit 1/m.test(await screen()));
    expect(ran()).toBe(false);
  });

  it('has their own checks run as ever', async () => {
    const start = ['build', 'start', 'a task', '--owner-session', 'x', '--check', 'touch ran'];
    await cli(place, start);
    expect(readState(place)).toMatchObject({ checksFrom: { by: 'person' } });
    const { code } = await cli(place, ['build', 'complete', '--build', id()]);
    expect([code, ran()]).toEqual([0, true]);
  });
});

it('Claude Code runs what it wrote down, and nothing of a build that it does not know', async () => {
  await written();
  const agent = host(place, 'first');
  const path = place.paths.build(id());
  const { checksFrom: _, ...unknown } = readState(place);
  const known = readState(place);
  writeFileSync(path, JSON.stringify(unknown));
  const refused = await agent.tool('stopgate build phase complete');
  expect(refused.stderr).toContain('it is not known who wrote it down');
  expect(ran()).toBe(false);
  writeFileSync(path, JSON.stringify(known));
  expect((await agent.tool('stopgate build complete')).code).toBe(0);
  expect(ran()).toBe(true);
});

describe('a session of Codex whose rights nobody knows', () => {
  /** Below a program that is called codex, in the environment that it gives its tools. */
  const codex = (line: string, env: Record<string, string> = {}) => {
    const program = join(place.root, 'codex');
    if (!existsSync(program)) symlinkSync('/bin/bash', program);
    const agent = host(place, 'x');
    const command = `env -u CLAUDE_PID -u CLAUDE_CODE_SESSION_ID CODEX_THREAD_ID=t CODEX_SESSION_ID=t ${program} -c '${line}; exit $?'`;
    return agent.run({ command, env });
  };

  it('has its check run with no more than the right to read, or not at all', async () => {
    const start = await codex('stopgate build start "a task" --check "touch ran"');
    expect(start.code).toBe(0);
    const { code, stderr } = await codex('stopgate build complete');
    expect(code).toBe(1);
    expect(stderr).toContain('Expected the program codex');
    expect(ran()).toBe(false);
    expect(readState(place).phase).toBe('executing');

    // A codex that cannot do it makes nothing green, whatever it says.
    const fake = join(place.root, 'bin', 'codex');
    writeFileSync(fake, '#!/bin/sh\necho "$*" >asked\nexit 0\n', { mode: 0o755 });
    const faked = await codex('stopgate build complete');
    expect(faked.stdout).toContain("inside Codex's sandbox, read-only");
    expect(faked.stderr).toContain('not run: its sandbox did not start');
    expect(existsSync(join(place.project, 'asked'))).toBe(true);
    expect(readState(place).phase).toBe('executing');
  });

  it('gets no worktree, and nothing is started for a wait', async () => {
    await codex('stopgate build start "a task"');
    const tree = await codex('stopgate build start "another" --worktree');
    expect(tree.stderr).toContain(
      'stopgate build start another --size standard --worktree --owner-session t',
    );
    const wait = await codex('stopgate build wait --until "touch ran" --for 1m');
    expect(wait.stderr).toContain('Expected the program codex');
    expect(wait.stderr).toContain('--pid <pid> --for');
    expect(ran()).toBe(false);
    expect(readState(place).waits).toBeUndefined();
  });
});
