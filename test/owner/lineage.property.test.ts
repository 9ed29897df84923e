import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, it, vi } from 'vitest';
import { statePaths } from '../../src/state/paths.ts';
import { git } from '../build/scratch.ts';
import { Hooks } from './world/hooks.ts';
import { actions, type Places, play } from './world/play.ts';
import { Referee } from './world/referee.ts';

vi.mock('../../src/owner/process.ts', async (original) => {
  const real = await original<typeof import('../../src/owner/process.ts')>();
  const { system } = await import('./world/system.ts');
  type Stamp = Parameters<typeof real.livenessOf>[0];
  const livenessOf = (stamp: Stamp) =>
    real.livenessOf(stamp, system.readProcess, system.namespace());
  return {
    ...real,
    livenessOf,
    mayBeAlive: (stamp: NonNullable<Stamp>) => livenessOf(stamp) !== 'dead',
    isVisible: (stamp: NonNullable<Stamp>) => real.isVisible(stamp, system.namespace()),
    readProcess: system.readProcess,
    ancestors: (pid: number) => real.ancestors(pid, system.readProcess),
  };
});
vi.mock('../../src/owner/namespace.ts', async (original) => {
  const real = await original<typeof import('../../src/owner/namespace.ts')>();
  const { system } = await import('./world/system.ts');
  return {
    ...real,
    ownNamespace: system.namespace,
  };
});
vi.mock('../../src/owner/command-line.ts', () => ({ commandLineOf: () => [] }));
vi.mock('../../src/owner/machine.ts', async () => (await import('./world/system.ts')).system);
vi.mock('../../src/owner/moment.ts', async (original) => {
  const { system } = await import('./world/system.ts');
  return { ...(await original<object>()), momentNow: system.momentNow };
});
vi.mock('../../src/owner/tmux.ts', async (original) => {
  const { system } = await import('./world/system.ts');
  return { ...(await original<object>()), askTmux: system.askTmux };
});

const scratch = realpathSync(
  mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'stopgate-worlds-')),
);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const places: Places = [
  join(scratch, 'repository'),
  join(scratch, 'worktree'),
  join(scratch, 'other'),
];
for (const dir of [places[0], places[2]]) {
  mkdirSync(dir);
  git(dir, 'init', '--quiet', '-b', 'main');
  git(dir, 'commit', '--quiet', '--allow-empty', '-m', 'start');
}
git(places[0], 'worktree', 'add', '--quiet', '-b', 'tree', places[1]);

/** `WORLDS` and `SEED` in the environment look at more worlds, and at others. */
const numRuns = Number(process.env.WORLDS ?? 100);
const seed = Number(process.env.SEED ?? 7);

it('in random worlds whoever becomes the owner has a true title, and no owner loses its build', () => {
  const seen: Record<string, number> = {};
  let worlds = 0;
  fc.assert(
    fc.property(actions, (script) => {
      worlds += 1;
      const root = join(scratch, `state-${worlds}`);
      const hooks = new Hooks(statePaths(root));
      const referee = new Referee(hooks);
      play(script, referee, hooks, places);
      rmSync(root, { recursive: true, force: true });
      for (const [what, times] of Object.entries(referee.seen))
        seen[what] = (seen[what] ?? 0) + times;
    }),
    { numRuns, seed },
  );
  if (process.env.WORLDS) console.log(worlds, seen);
}, 600_000);
