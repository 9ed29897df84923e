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

it('ends a released Codex that is idle by /quit, and only at the second look', async () => {
  const place = scratch();
  const model = await startModelServer(codexWire, inOrder([{ say: 'All done.' }]));
  configureCodex(place, model.url);
  endCodexAfterTest(place);
  await stopgate(place, 'install', '--host', 'codex');
  await trustCodexHooks(place);
  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });
  await tmux.keep();
  const { run, launch, finished, prunedAtTheSecondLook, sessions } = besides(place, tmux);

  const pane = await launch('worker', codex, '--no-daemon');
  await until('Codex to be ready', async () => (await pane.screen()).includes('for agents'));
  await pane.enter('Please work');
  await turnEnded(pane, 'All done.');
  await finished('worker');

  await run('session', 'release', 'worker');
  await prunedAtTheSecondLook('worker');
  expect(await sessions()).toEqual(['keeper']);
  expect(sessionRecord(place)).toMatchObject({ status: 'stopped', lastEvent: 'SessionEnd' });
}, 120_000);
