import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownNamespace } from '../../src/owner/namespace.ts';
import { readSession } from '../../src/session/store.ts';
import { writeAtomic } from '../../src/state/atomic.ts';
import { withLock } from '../../src/state/lock.ts';
import { bundleCode } from '../state/together.ts';
import { type Agent, agentCommand, connected } from '../support/agent.ts';
import { containedAgent, inContainer, noContainers } from '../support/container.ts';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { registered } from '../support/installed-tree.ts';
import { eventPayload } from '../support/payload.ts';
import { commitFile, gitIn, makeRepository } from '../support/repository.ts';
import type { Scratch } from '../support/scratch.ts';
import { readState } from '../support/state-files.ts';
import { until } from '../support/until.ts';

/** An agent in no container. */
async function agentOutside(place: Scratch, sessionId: string): Promise<Agent> {
  const socket = join(place.root, `o-${sessionId}`);
  const [program = '', ...args] = agentCommand(socket, 'claude', sessionId);
  const child = spawn(program, args, { env: place.env, cwd: place.project, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return connected(place, socket);
}

function begin(agent: Agent, cwd: string, source = 'startup') {
  const input = eventPayload('SessionStart', agent.sessionId, cwd, { source });
  return agent.run(registered('session'), { input });
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe.skipIf(noContainers !== null)('two PID namespaces on one state directory', () => {
  it.each([
    ['the owner is in a container, the other is not', containedAgent, agentOutside],
    ['the owner is in no container, the other is', agentOutside, containedAgent],
    ['each is in a container of its own', containedAgent, containedAgent],
  ])('nothing of an owner goes: %s', async (_name, one, another) => {
    const place = scratch();
    makeRepository(place);
    const [owner, other] = await Promise.all([one(place, 'owner'), another(place, 'other')]);
    const start = 'stopgate build start "a task" --worktree';
    expect(await owner.run(start)).toMatchObject({ code: 0 });
    const { id, checkouts } = readState(place);
    const [tree = ''] = checkouts;
    await begin(owner, tree);
    commitFile(place, tree, 'work.txt', 'work\n');
    gitIn(place, place.project, 'merge', '--quiet', '--no-ff', '--no-edit', id);

    const cleaned = await other.run(`stopgate worktree cleanup ${id} --force`);
    expect(cleaned).toMatchObject({ code: 1 });
    expect(cleaned.stdout).toContain('refused(liveness-uncertain)');
    expect(existsSync(join(tree, 'work.txt'))).toBe(true);

    const record = place.paths.session('owner');
    const old = {
      ...readSession(place.paths, 'owner'),
      lastActivityAt: '2026-01-01T00:00:00.000Z',
    };
    writeFileSync(record, JSON.stringify(old));
    await other.run('stopgate session prune --older-than 1s --force');
    expect(readSession(place.paths, 'owner')).toMatchObject(old);

    expect(hookOutput(await other.stop(registered(), { cwd: tree })).decision).toBe('approve');
    expect(readState(place)).toMatchObject({ owner: { sessionId: 'owner' }, budget: { spent: 0 } });
    expect(hookOutput(await owner.stop(registered(), { cwd: tree })).decision).toBe('block');
  });

  it('keeps all of 60 contended changes', async () => {
    const place = scratch();
    const owner = await agentOutside(place, 'owner');
    await owner.run('stopgate build start "a task"');
    const { id } = readState(place);
    const program = bundleCode(
      place.root,
      'build/store.ts',
      `const fs = process.getBuiltinModule('node:fs');
      const paths = { ...${JSON.stringify(place.paths)},
        build: () => ${JSON.stringify(place.paths.build(id))} };
      fs.writeFileSync(process.argv[4], '');
      while (!fs.existsSync(process.argv[5]));
      for (let n = 0; n < 30; n++) updateBuild(paths, ${JSON.stringify(id)}, 60000, (build) =>
        ({ ...build, budget: { ...build.budget, spent: build.budget.spent + 1 } }));`,
    );
    const [a, b] = [join(place.root, 'ready-a'), join(place.root, 'ready-b')];
    const words = (mine: string, others: string) =>
      [process.execPath, program, '0', '0', mine, others] as const;
    const inside = inContainer(words(a, b));
    const [node, ...args] = words(b, a);
    const outside = spawn(node, args, { stdio: 'ignore' });
    onTestFinished(() => void outside.kill('SIGKILL'));
    expect(await Promise.all([ended(inside), ended(outside)])).toEqual([0, 0]);
    expect(readState(place).budget.spent).toBe(60);
  });

  it('a lock of another namespace is kept for a minute; then its late holder writes nothing', async () => {
    const place = scratch();
    const [lock, state] = [join(place.root, 'a.lock'), join(place.root, 'state.json')];
    const [ready, goOn] = [join(place.root, 'ready'), join(place.root, 'go-on')];
    const program = bundleCode(
      place.root,
      'build/store.ts',
      `const fs = process.getBuiltinModule('node:fs');
      fs.mkdirSync(${JSON.stringify(place.paths.locks)}, { recursive: true });
      const paths = { locks: ${JSON.stringify(place.root)}, armedStop: ${JSON.stringify(place.paths.armedStop)},
        build: () => ${JSON.stringify(state)} };
      try {
        withBuildsLock({ locks: ${JSON.stringify(place.root)} }, 0, () => {
          fs.writeFileSync(${JSON.stringify(ready)}, '');
          while (!fs.existsSync(${JSON.stringify(goOn)}));
          createBuild(paths, { id: 'late', phase: 'complete', owner: null });
        });
      } catch (error) {
        process.exit(error.code === 'lock-lost' ? 7 : 1);
      }`,
    );
    const held = join(place.root, 'builds.lock');
    const holder = inContainer([process.execPath, program, '0', '0']);
    await until('the holder to hold', () => existsSync(ready));
    const take = () => withLock(held, 50, () => writeAtomic(state, 'ours'));
    expect(take).toThrow(expect.objectContaining({ code: 'locked' }));
    utimesSync(held, 1, 1);
    take();
    writeFileSync(goOn, '');
    expect(await ended(holder)).toBe(7);
    expect(readFileSync(state, 'utf8')).toBe('ours');
    expect([existsSync(held), existsSync(lock)]).toEqual([false, false]);
  });

  it('a container that was rebuilt on the same state: its session is the owner, and stamped anew', async () => {
    const place = scratch();
    const before = await containedAgent(place, 'owner');
    await begin(before, place.project);
    await before.run('stopgate build start "a task"');
    const first = readState(place).owner?.agent?.namespace;
    expect(first).not.toBe(ownNamespace());
    await before.kill();
    const after = await containedAgent(place, 'owner');
    await begin(after, place.project, 'resume');
    expect(hookOutput(await after.stop(registered())).decision).toBe('block');
    const { owner, budget } = readState(place);
    expect([owner?.sessionId, budget.spent]).toEqual(['owner', 1]);
    expect(owner?.agent?.namespace).toMatch(/^\d+:\d+$/);
    expect(readSession(place.paths, 'owner')?.agent?.namespace).toBe(owner?.agent?.namespace);
    expect(owner?.agent?.namespace).not.toBe(first);
  });

  it('a /proc of another namespace tells nothing of any process', async () => {
    const place = scratch();
    const out = join(place.root, 'out');
    const program = bundleCode(
      place.root,
      'owner/process.ts',
      `const stamp = { pid: process.pid, start: 'boot:1', namespace: '4026531836' };
      process.getBuiltinModule('node:fs').writeFileSync(process.argv[4],
        [String(readProcess(process.pid)), livenessOf(stamp), ancestors(process.pid).length].join(' '));`,
    );
    const args = ['--pid', '--fork', process.execPath, program, '0', '0', out];
    const map = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    const child = spawn('unshare', [...map, ...args], { stdio: 'ignore' });
    expect(await ended(child)).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe('undefined unknown 0');
  });
});
