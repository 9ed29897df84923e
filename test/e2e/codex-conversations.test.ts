// @module-tag smoke
import { expect, it } from 'vitest';
import { codex } from './support/clients.ts';
import { endCodexAfterTest } from './support/codex-daemon.ts';
import { codexScratch } from './support/codex-trusted.ts';
import { openCodexBy } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { startModelServer } from './support/model-server.ts';
import { ask, goesOn, OUTSIDE_TMUX, ownerGone, ownerId, spent } from './support/owner-scene.ts';
import { puppet, START } from './support/puppet.ts';
import { configureCodex } from './support/run-codex.ts';
import { stopgate } from './support/stopgate.ts';
import { type Pane, privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';

it('outside tmux: /clear keeps the owner, /new does not make one, and the end of all of them takes nothing away', async () => {
  const place = codexScratch();
  const model = await startModelServer(codexWire, puppet);
  configureCodex(place, model.url);
  endCodexAfterTest(place);
  await stopgate(place, 'install', '--host', 'codex', '--trust');
  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });
  await tmux.keep();
  const open = (session: string, ...flags: string[]) =>
    openCodexBy(tmux, session, [...OUTSIDE_TMUX, codex, '--no-daemon', ...flags]);

  const pane = await open('work');
  expect(await ask(pane, START)).toBe('Held.');
  const first = ownerId(place);
  await goesOn(place);
  await left(pane, '/clear', START);
  expect(await ask(pane, 'Please go on')).toBe('Held.');
  const second = ownerId(place);
  expect(second).not.toBe(first);
  expect(spent(place)).toBe(2);
  await goesOn(place);

  await left(pane, '/new', 'Please go on');
  expect(await ask(pane, 'Something else')).toBe('Free.');
  await pane.enter('/quit');
  await ownerGone(place);
  expect([ownerId(place), spent(place)]).toEqual([second, 2]);

  const again = await open('later', 'resume', second);
  expect(await ask(again, 'Back again')).toBe('Held.');
  expect([ownerId(place), spent(place)]).toEqual([second, 3]);
});

/** Codex fires nothing when a conversation is left; only the screen tells. */
async function left(pane: Pane, command: string, prompt: string): Promise<void> {
  await pane.enter(command);
  await until('an empty screen', async () => !(await pane.screen()).includes(prompt));
}
