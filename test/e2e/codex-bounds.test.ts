import { beforeEach, expect, it } from 'vitest';
import { useSettings } from './support/authority.ts';
import { codexWire } from './support/codex-wire.ts';
import { inOrder, type Script, startModelServer, thenForever } from './support/model-server.ts';
import { configureCodex, registerCodexStop, runCodex } from './support/run-codex.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook, launcher, stopgate } from './support/stopgate.ts';

const START = { run: 'stopgate build start "Add a greeting" --size large' };
const STOP = { say: 'I would rather stop here.' };

let place: Scratch;
beforeEach(async () => {
  place = scratch();
  await installHook(place);
  registerCodexStop(place, launcher('codex'));
});

async function session(script: Script) {
  const model = await startModelServer(codexWire, script);
  configureCodex(place, model.url);
  const { stdout, stderr, exitCode } = await runCodex(place, 'Please add a greeting');
  expect([exitCode, stdout]).toEqual([0, STOP.say]);
  expect(stderr).not.toMatch(/stop failed|hook failed/i);
  return model.turns.length;
}

const verdicts = () => gateEvents(place).map(({ verdict, cause }) => `${verdict} ${cause}`);

it('a host without a cap is released by ours when a build never progresses', async () => {
  await session(inOrder([START, STOP]));
  expect(verdicts()).toEqual([...Array(7).fill('block unfinished'), 'approve capped']);
});

it('a build that calls tools but never advances is released by the bound of an hour', async () => {
  await useSettings(place, { budget: { perHour: 5 } });
  await session(thenForever([START], [{ run: 'stopgate build status' }, STOP]));
  expect(verdicts()).toEqual([...Array(5).fill('block unfinished'), 'approve capped']);
  expect(gateEvents(place).at(-1)).toMatchObject({ bound: 'hour' });
});

it('in shadow the owner of an unfinished build stops as if nobody looked', async () => {
  await stopgate(place, 'gate', 'mode', 'shadow');
  const turns = await session(inOrder([START, STOP]));
  expect(turns).toBe(2);
  expect(gateEvents(place)).toMatchObject([{ would: { verdict: 'block', cause: 'unfinished' } }]);
  expect(buildState(place).budget).toMatchObject({ spent: 0 });
});
