import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Agent, quote, startAgent } from '../support/agent.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { registered } from '../support/installed-tree.ts';
import { judge } from '../support/judge.ts';
import { commitFile, gitIn, makeRepository } from '../support/repository.ts';
import type { Scratch } from '../support/scratch.ts';
import { stateFile } from '../support/state-files.ts';
import { type TmuxServer, tmuxServer } from '../support/tmux-server.ts';
import { until } from '../support/until.ts';

interface Scene {
  place: Scratch;
  server: TmuxServer;
  /** A finished worktree on `branch`. */
  tree: string;
  branch: string;
}

function scene({ home = 'home', branch = 'task', dir = 'the task' } = {}): Scene {
  const place = scratch(home);
  const server = tmuxServer(place);
  onTestFinished(() => server.stop());
  makeRepository(place);
  const tree = join(place.home, dir);
  gitIn(place, place.project, 'worktree', 'add', '--quiet', '-b', branch, tree);
  commitFile(place, tree, 'work.txt', 'work\n');
  gitIn(place, place.project, 'merge', '--quiet', '--no-ff', '--no-edit', branch);
  return { place, server, tree, branch };
}

const panes = async (server: TmuxServer) =>
  (await server.ask('list-panes', '-a', '-F', '#{pane_id}')).split('\n');

const screen = (server: TmuxServer, pane: string) =>
  server.ask('capture-pane', '-p', '-J', '-t', pane);

const shows = (server: TmuxServer, pane: string, text: string) =>
  until(`"${text}" in ${pane}`, async () => {
    const all = (await screen(server, pane)).replace(/\n/g, '');
    return all.includes(text) ? all : null;
  });

/** The pane that was opened beside those that were there. */
const newPane = (server: TmuxServer, before: string[]) =>
  until('another pane', async () => (await panes(server)).find((pane) => !before.includes(pane)));

async function press(server: TmuxServer, pane: string, ...keys: string[]): Promise<void> {
  await server.ask('send-keys', '-t', pane, ...keys);
}

describe('from inside the worktree', () => {
  it('asks, opens a pane beside this one in the main repository, shows the result and stays', async () => {
    const { place, server, tree } = scene();
    const own = await server.session('work');
    const other = await server.session('work-2');
    await server.type(own, `cd ${quote(tree)} && stopgate worktree cleanup`);
    await shows(server, own, 'Spawn cleanup pane? [Y/n]');
    const before = await panes(server);
    await press(server, own, 'Enter');
    const pane = await newPane(server, before);
    await shows(server, own, `cleanup pane ${pane} opened in ${place.project}`);
    const format = '#{session_name} #{window_id}';
    const where = (id: string) => server.ask('display-message', '-p', '-t', id, format);
    expect(await where(pane)).toBe(await where(own));
    expect(await where(pane)).not.toBe(await where(other));
    expect(await server.ask('show-options', '-pqv', '-t', pane, '@stopgate')).toMatch(/^sg-/);

    const seen = await shows(server, pane, 'Look again? [Y/n]');
    expect(seen, 'the shell of the first pane is in it').toContain('refused(in-use-cwd)');
    await server.type(own, 'cd /');
    await press(server, pane, 'Enter');
    await shows(server, pane, 'Remove this worktree? [y/N]');
    expect(existsSync(join(tree, 'work.txt'))).toBe(true);
    await press(server, pane, 'y', 'Enter');
    await shows(server, pane, 'Its branch too? [y/N]');
    await press(server, pane, 'Enter');
    await shows(server, pane, '[exit code 0; this pane stays: "exit" closes it]');
    expect(existsSync(tree)).toBe(false);
    expect(gitIn(place, place.project, 'branch', '--list', 'task')).toContain('task');
    await server.type(pane, 'pwd -P > here');
    await until('the shell that stays', () => existsSync(join(place.project, 'here')));
  });

  it('declined: says what to type, and opens nothing', async () => {
    const { place, server, tree } = scene();
    const own = await server.session('work');
    await server.type(own, `cd ${quote(tree)} && stopgate worktree cleanup`);
    await shows(server, own, 'Spawn cleanup pane? [Y/n]');
    await press(server, own, 'n', 'Enter');
    const seen = await shows(server, own, 'stopgate worktree cleanup --force task');
    expect(seen).toContain(`cd ${place.project}`);
    expect(await panes(server)).toEqual([own]);
  });

  it('tmux failed: exit code 3, and what to type', async () => {
    const { place, server, tree } = scene();
    const own = await server.session('work');
    await server.ask('resize-window', '-t', own, '-x', '2', '-y', '50');
    const line = `stopgate worktree spawn-cleanup task ${place.project}`;
    await server.type(
      own,
      `cd ${quote(tree)} && ${line} 2>${place.root}/said; echo $? >${place.root}/code`,
    );
    const said = await until('the exit code', () => read(join(place.root, 'code')));
    expect(said).toBe('3\n');
    expect(read(join(place.root, 'said'))).toContain('stopgate worktree cleanup --force task');
    expect(await panes(server)).toEqual([own]);
  });

  it('a server that was restarted on the same socket is another: no pane is opened there', async () => {
    const { place, server, tree } = scene();
    const own = await server.session('work');
    const lost = await startAgent(place, server, own, 'session-a', { outlives: true, cwd: tree });
    await server.stop();
    await server.session('work');
    const ran = await lost.run(`stopgate worktree spawn-cleanup task ${quote(place.project)}`);
    await lost.exit();
    expect(ran).toMatchObject({ code: 3 });
    expect(await panes(server)).toHaveLength(1);
  });
});

describe('no name is a command', () => {
  const NASTY = `a b'"#(touch PWNED)#{pid}$(touch PWNED)\`touch PWNED\`\n-x;`;

  it.each([
    ['a branch', { branch: `x';touch\${IFS}PWNED;'#(touch\${IFS}PWNED)$(touch\${IFS}PWNED);` }],
    ['a branch like an option', { branch: `#{pid}{a,b}&touch\${IFS}PWNED|true;` }],
    ['a home', { home: NASTY }],
    ['a worktree', { dir: NASTY }],
  ])('%s', async (_, names) => {
    const { place, server, tree, branch } = scene(names);
    const own = await server.session('work');
    const agent = await startAgent(place, server, own, 'session-a', { cwd: place.root });
    const before = await panes(server);
    const task = 'dir' in names ? tree : branch;
    const words = ['worktree', 'spawn-cleanup', '--', task, place.project].map(quote).join(' ');
    expect(await agent.run(`stopgate ${words}`)).toMatchObject({ code: 0, stderr: '' });
    const pane = await newPane(server, before);
    await shows(server, pane, 'Remove this worktree? [y/N]');
    await press(server, pane, 'y', 'Enter');
    await shows(server, pane, 'Its branch too? [y/N]');
    await press(server, pane, 'y', 'Enter');
    await shows(server, pane, 'deleted=2');
    expect(existsSync(tree)).toBe(false);
    expect(await panes(server)).toHaveLength(2);
    for (const dir of [place.root, place.home, place.project, process.cwd()]) {
      expect(readdirSync(dir)).not.toContain('PWNED');
    }
  });

  it('a task that looks like an option of tmux, of git or of ours', async () => {
    const { place, server, tree } = scene();
    gitIn(place, tree, 'checkout', '--quiet', '--detach');
    gitIn(place, place.project, 'update-ref', 'refs/heads/--force', 'task');
    gitIn(place, tree, 'symbolic-ref', 'HEAD', 'refs/heads/--force');
    const own = await server.session('work');
    const agent = await startAgent(place, server, own, 'session-a', { cwd: place.root });
    const before = await panes(server);
    const line = `stopgate worktree spawn-cleanup -- --force ${quote(place.project)}`;
    expect(await agent.run(line)).toMatchObject({ code: 0 });
    const pane = await newPane(server, before);
    const seen = await shows(server, pane, 'Remove this worktree? [y/N]');
    expect(seen, 'it was asked for nothing but a report').toContain('would_delete=2');
    expect(existsSync(tree)).toBe(true);
  });
});

describe("beside a build's owner", () => {
  /** An owner in the worktree, and the agent in the cleanup pane that it opened. */
  async function both(): Promise<{ place: Scratch; owner: Agent; cleaner: Agent }> {
    const { place, server } = scene();
    const own = await server.session('work');
    const owner = await startAgent(place, server, own, 'session-a');
    await owner.run("stopgate build start 'Port the parser' --worktree");
    // What the pane starts as `claude` is an agent that waits in a shell for this test.
    const bin = join(place.root, 'bin');
    writeFileSync(join(bin, 'claude'), '#!/bin/sh\nprintf %s "$1" >"$HOME/prompt"\n', {
      mode: 0o755,
    });
    const before = await panes(server);
    const ran = await owner.run(
      `stopgate worktree spawn-cleanup --agent claude task ${place.project}`,
    );
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const pane = await newPane(server, before);
    await shows(server, pane, '[exit code 0; this pane stays');
    expect(read(join(place.home, 'prompt'))).toMatch(
      /^# Clean up after a task\n.*The task: "task"$/s,
    );
    const cleaner = await startAgent(place, server, pane, 'session-b');
    return { place, owner, cleaner };
  }

  it('the agent in the cleanup pane may stop, by row 7 of the ladder, and spends nothing', async () => {
    const { place, owner, cleaner } = await both();
    const before = readFileSync(stateFile(place), 'utf8');
    for (const entry of ['stop-gate-router', 'build-stop']) {
      const judged = await judge(place, cleaner, {}, registered(entry));
      expect(judged.match).toMatchObject({ answer: 'foreign', row: 7 });
      expect(judged.output).toEqual({ decision: 'approve' });
    }
    expect(readFileSync(stateFile(place), 'utf8')).toBe(before);
    const held = await owner.stop(registered('stop-gate-router'));
    expect(hookOutput(held), 'the gate was on all the while').toMatchObject({ decision: 'block' });
  });
});

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
