import { expect, it } from 'vitest';
import { codex } from './support/clients.ts';
import { endCodexAfterTest } from './support/codex-daemon.ts';
import { trustCodexHooks } from './support/codex-trust.ts';
import { turnEnded } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { besides } from './support/leftovers.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { stopgate } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';
import { sessionRecord } from './support/worker.ts';

/** A real Codex in a tmux session of ours whose work is finished, and which was released. */
async function released() {
  const place = scratch();
  const model = await startModelServer(codexWire, inOrder([{ say: 'All done.' }]));
  configureCodex(place, model.url);
  endCodexAfterTest(place);
  await stopgate(place, 'install', '--host', 'codex');
  await trustCodexHooks(place);
  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });
  await tmux.keep();
  const machine = besides(place, tmux);
  const pane = await machine.launch('worker', codex, '--no-daemon');
  await until('Codex to be ready', async () => (await pane.screen()).includes('for agents'));
  await pane.enter('Please work');
  await turnEnded(pane, 'All done.');
  await machine.finished('worker');
  await machine.run('session', 'release', 'worker');
  return { ...machine, place, pane };
}

it('ends a released Codex that is idle by /quit, and only at the second look', {
  tags: 'smoke',
}, async () => {
  const { place, prunedAtTheSecondLook, sessions } = await released();
  await prunedAtTheSecondLook('worker');
  expect(await sessions()).toEqual(['keeper']);
  expect(sessionRecord(place)).toMatchObject({ status: 'stopped', lastEvent: 'SessionEnd' });
});

it('leaves a half typed prompt alone, and ends the session once that is gone', async () => {
  const { pane, keptWhileHalfTyped, prunedAtTheSecondLook, sessions } = await released();
  await keptWhileHalfTyped('worker', pane);
  await prunedAtTheSecondLook('worker');
  expect(await sessions()).toEqual(['keeper']);
}, 180_000);
