import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addStep, pause, resume, toPhase } from '../../src/build/change.ts';
import type { Build } from '../../src/build/schema.ts';
import { createBuild, updateBuild } from '../../src/build/store.ts';
import { MODES, updateGate, withKill, withMode } from '../../src/gate/mode.ts';
import { type AskAuthority, route } from '../../src/gate/router.ts';
import { HOSTS } from '../../src/hosts/index.ts';
import { machineId } from '../../src/owner/machine.ts';
import { statePaths } from '../../src/state/paths.ts';
import { budgetOf, buildOf } from '../build/make.ts';
import { stampOf } from '../owner/make.ts';

/** A stop of one of three sessions, two of them the owner's; or what may come between stops. */
const happening = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant('stop' as const), n: fc.nat(2) }) },
  fc.record({
    what: fc.constantFrom('mode', 'project mode', 'kill', 'hour', 'checks', 'judge'),
    n: fc.nat(3),
  }),
  fc.record({ what: fc.constantFrom('step', 'pause', 'resume', 'fail', 'start'), n: fc.nat(1) }),
);

const LIMIT = 4;
const SESSIONS = ['a', 'a', 'b'];

it('a block is charged to everything that bounds it, and nothing else is charged to anything', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'stopgate-bounds-')));
  const hosts = fc.constantFrom('claude' as const, 'codex' as const);
  let run = 0;
  const property = fc.asyncProperty(
    fc.array(happening, { minLength: 10, maxLength: 30 }),
    hosts,
    async (happenings, host) => {
      const world = makeWorld(join(root, String(run++)), host);
      for (const { what, n } of happenings) {
        if (what === 'stop') await world.stop(SESSIONS[n] ?? 'a');
        else world.happen(what, n);
      }
    },
  );
  try {
    await fc.assert(property, { numRuns: 40 });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

function makeWorld(root: string, host: 'claude' | 'codex') {
  const paths = statePaths(join(root, 'state'));
  const repo = join(root, 'repo');
  const env = { HOME: root, XDG_CONFIG_HOME: join(root, 'config') };
  const owner = stampOf({ sessionId: 'a', agent: null, pane: null, machine: machineId() });
  const settings = { authority: { kind: 'rules' }, checksOnStop: false, budget: { perHour: 2 } };
  let judged = true;
  let builds = 0;

  const ask: AskAuthority = async () => ({
    verdict: judged ? { decision: 'block', cause: 'authority', reason: 'go on' } : null,
    record: {},
  });
  const edit = (change: (build: Build) => Build) => {
    try {
      updateBuild(paths, `build-${builds}`, 1000, change);
    } catch {
      // No legal move now.
    }
  };
  const start = () => {
    edit((build) => toPhase(build, 'failed', 't'));
    builds += 1;
    const checks = builds % 2 === 0 ? [] : ['false'];
    const budget = budgetOf({ limit: LIMIT });
    createBuild(
      paths,
      buildOf({ id: `build-${builds}`, owner, checkouts: [repo], budget, checks }),
    );
  };
  const spent = () =>
    Array.from({ length: builds }, (_, n) => {
      const build = JSON.parse(readFileSync(paths.build(`build-${n + 1}`), 'utf8')) as Build;
      expect(build.budget.spent).toBeLessThanOrEqual(LIMIT);
      return build.budget.spent;
    }).reduce((sum, one) => sum + one, 0);
  const hour = (session: string): number => {
    try {
      return JSON.parse(readFileSync(paths.blocks(session), 'utf8')).at.length;
    } catch {
      return 0;
    }
  };

  const HAPPEN = {
    mode: (n: number) => updateGate(paths, 1000, (gate) => withMode(gate, null, MODES[n] ?? null)),
    'project mode': (n: number) =>
      updateGate(paths, 1000, (gate) => withMode(gate, repo, MODES[n] ?? null)),
    kill: (n: number) => updateGate(paths, 1000, (gate) => withKill(gate, n === 0, 't')),
    hour: (n: number) => Object.assign(settings.budget, { perHour: n + 1 }),
    checks: (n: number) => Object.assign(settings, { checksOnStop: n > 1 }),
    judge: (n: number) => {
      judged = n > 0;
    },
    step: () => edit((build) => addStep(build, { description: 'x' }, 't')),
    pause: () => edit((build) => pause(build, 'why', 't')),
    resume: () => edit((build) => resume(build, 't')),
    fail: () => edit((build) => toPhase(build, 'failed', 't')),
    start,
  };

  const happen = (what: keyof typeof HAPPEN, n: number) => {
    HAPPEN[what](n);
    writeFileSync(join(root, 'config/stopgate/config.json'), JSON.stringify(settings));
  };

  const stop = async (session: string) => {
    const before = { spent: spent(), hour: hour(session) };
    const payload = { session_id: session, hook_event_name: 'Stop', cwd: repo };
    const { verdict, record } = await route(HOSTS[host].parseEvent(payload), paths, ask, env);
    const held = verdict.decision === 'block';
    const byBuild = held && verdict.cause !== 'authority';
    const { mode } = record as { mode: { build: string; authority: string } };

    expect(spent() - before.spent).toBe(byBuild ? 1 : 0);
    expect(hour(session) - before.hour).toBe(held ? 1 : 0);
    if (held) {
      expect(before.hour).toBeLessThan(settings.budget.perHour);
      expect(byBuild ? mode.build : mode.authority).toBe('enforce');
    }
    if (byBuild) expect(session).toBe('a');
    if (mode.build !== 'enforce') expect(verdict).not.toHaveProperty('systemMessage');
  };

  mkdirSync(repo, { recursive: true });
  mkdirSync(join(root, 'config/stopgate'), { recursive: true });
  happen('start', 0);
  return { happen, stop };
}
