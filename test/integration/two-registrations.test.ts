import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readProcess } from '../../src/owner/process.ts';
import { writeRequest } from '../../src/shutdown/request.ts';
import { readRecords } from '../../src/state/log.ts';
import { requestOf } from '../shutdown/make.ts';
import { hookOutput } from '../support/expect-output.ts';
import { host as hostOf } from '../support/host.ts';
import { placeLauncher, registered } from '../support/installed-tree.ts';
import { stopPayload } from '../support/payload.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';
import { gateRecords, readState } from '../support/state-files.ts';

/** Two registrations of the one launcher in one scope, with command strings that differ, as no install writes them. */

let place: Scratch;
let agent: ReturnType<typeof hostOf>;
beforeEach(async () => {
  place = makeScratch();
  onTestFinished(() => place.remove());
  placeLauncher(place);
  agent = hostOf(place, 's-1');
  writeFileSync(join(place.home, 'my-hook.sh'), `${registered()}\nexit 0\n`);
});

/** One of the entries that a host has for Stop. */
interface Registration {
  command: string;
  env?: Record<string, string>;
}

const settings: Registration = { command: registered() };
const plugin: Registration = {
  command: `exec ${registered()}`,
  env: { CLAUDE_PLUGIN_ROOT: '/plugins/stopgate/1' },
};
const buildStop: Registration = { command: registered('build-stop') };
const bounded: Registration = { command: `timeout 60 ${registered()}` };
const wrapped: Registration = { command: 'sh "$HOME/my-hook.sh"' };
const asCodex: Registration = { command: registered('build-stop', 'codex') };

/** How a host runs the hooks of one event. */
type Manner = (all: Registration[]) => Promise<boolean[]>;

const isHeld = async ({ command, env = {} }: Registration): Promise<boolean> => {
  const ran = await agent.run({ command, env, input: stopPayload('s-1', place.project) });
  return hookOutput(ran).decision === 'block';
};

const atOnce: Manner = (all) => Promise.all(all.map(isHeld));
const inTurn: Manner = async (all) => {
  const held: boolean[] = [];
  for (const one of all) held.push(await isHeld(one));
  return held;
};
const halfASecondLate: Manner = (all) =>
  Promise.all(
    all.map(async (one, n) => {
      await new Promise((done) => setTimeout(done, n * 500));
      return isHeld(one);
    }),
  );

it.each<[string, Registration[], Manner]>([
  ['settings and a plugin, at once', [settings, plugin], atOnce],
  ['settings and a plugin, one after the other', [settings, plugin], inTurn],
  ['settings and a plugin, the second late', [settings, plugin], halfASecondLate],
  ['router and build-stop, at once', [settings, buildStop], atOnce],
  ['router and build-stop, one after the other', [settings, buildStop], inTurn],
  ['build-stop and the router, one after the other', [buildStop, settings], inTurn],
  ['a bound of its own and none, at once', [bounded, settings], atOnce],
  ["a person's program around it, at once", [wrapped, settings], atOnce],
  ['the flag of the other host, at once', [settings, asCodex], atOnce],
  ['four registrations, at once', [settings, plugin, buildStop, bounded], atOnce],
  ['three registrations, one after the other', [buildStop, plugin, settings], inTurn],
])('%s: three stops are three decisions and one budget', async (_name, all, run) => {
  await agent.tool('stopgate build start "a task" --size small');
  for (let stop = 1; stop <= 4; stop += 1) {
    expect((await run(all)).filter(Boolean)).toHaveLength(stop <= 3 ? 1 : 0);
    // The other call's block is spoken; what it writes is written before.
    expect(readState(place).budget.spent).toBe(Math.min(stop, 3));
  }
  expect(gateRecords(place).map(({ cause }) => cause)).toEqual([
    'unfinished',
    'unfinished',
    'unfinished',
    'capped',
  ]);
});

describe('where a neighbour owns the only build', () => {
  beforeEach(async () => {
    const cwd = join(place.home, 'elsewhere');
    mkdirSync(cwd);
    const neighbour = hostOf(place, 'neighbour', process.ppid);
    await neighbour.run({ command: 'stopgate build start "a task"', cwd });
    // A build may be of this process, so that the launcher cannot tell by itself.
    mkdirSync(join(place.paths.armedBy, 'agent', String(process.pid)), { recursive: true });
  });

  it.each<[string, Registration[], Manner]>([
    ['settings and a plugin, at once', [settings, plugin], atOnce],
    ['router and build-stop, at once', [settings, buildStop], atOnce],
    ['build-stop and the router, one after the other', [buildStop, settings], inTurn],
  ])('%s: a stop is written down once', async (_name, all, run) => {
    for (let stop = 1; stop <= 2; stop += 1) {
      expect((await run(all)).filter(Boolean)).toHaveLength(0);
      expect(gateRecords(place)).toHaveLength(stop);
    }
  });

  it.each<[string, Registration[], Manner]>([
    ['two routers, at once', [settings, plugin], atOnce],
    ['the router, then build-stop', [settings, buildStop], inTurn],
    ['build-stop, then the router', [buildStop, settings], inTurn],
  ])('%s: the end of a worker is decided about once per stop', async (_name, all, run) => {
    const start = readProcess(process.pid)?.start ?? '';
    const worker = { agent: { pid: process.pid, start }, pane: null };
    writeRequest(place.paths, requestOf({ sessionId: 's-1', ...worker }));
    await run(all);
    expect(readRecords(place.paths.shutdownLog)).toMatchObject([
      { decided: 'deferred', reason: 'its pane is not known' },
    ]);
  });

  it.each<[string, Registration[], Manner]>([
    ['two routers, at once', [settings, plugin], atOnce],
    ['the router, then build-stop', [settings, buildStop], inTurn],
    ['build-stop, then the router', [buildStop, settings], inTurn],
  ])('%s: the authority is asked once per stop', async (_name, all, run) => {
    const asked = join(place.home, 'asked');
    const config = { authority: { kind: 'command', command: `echo >>'${asked}'` } };
    mkdirSync(join(place.home, '.config/stopgate'), { recursive: true });
    writeFileSync(join(place.home, '.config/stopgate/config.json'), JSON.stringify(config));
    await run(all);
    expect(readFileSync(asked, 'utf8')).toBe('\n');
  });
});

it('writes down no more than a line per call, which says nothing of what was said', async () => {
  await agent.tool('stopgate build start "a task"');
  await atOnce([settings, plugin]);
  const lines = readFileSync(place.paths.calls('s-1-Stop'), 'utf8').trim().split(/\n+/);
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain('finished one');
  expect(lines.join('').length).toBeLessThan(600);
});
