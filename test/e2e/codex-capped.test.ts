import { expect, it } from 'vitest';
import { endCodexAfterTest } from './support/codex-daemon.ts';
import { openCodex } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { configureCodex, registerCodexStop } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook, launcher } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';

it('lets Codex, which knows no cap, go after three blocks and tells the person', async () => {
  const place = scratch();
  await installHook(place);
  registerCodexStop(place, launcher('codex'));
  const model = await startModelServer(
    codexWire,
    inOrder([
      { run: 'stopgate build start "Add a greeting" --size small' },
      { say: 'I would rather stop here.' },
    ]),
  );
  configureCodex(place, model.url);
  endCodexAfterTest(place);
  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });

  const pane = await openCodex(tmux, 'work', '--no-daemon', '--dangerously-bypass-hook-trust');
  await pane.enter('Please add a greeting');
  await until('the end of the turn', async () => (await pane.screen()).includes('Worked for'));

  const { id, budget } = buildState(place);
  expect(budget).toMatchObject({ limit: 3, spent: 3 });
  expect(model.turns).toHaveLength(5);
  expect(gateEvents(place).map(({ verdict, cause }) => [verdict, cause])).toEqual([
    ['block', 'unfinished'],
    ['block', 'unfinished'],
    ['block', 'unfinished'],
    ['approve', 'capped'],
  ]);
  const screen = await pane.screen();
  expect(screen).toMatch(new RegExp(`↳ Hook · .*${id}.* is still open`));
  expect(screen).not.toMatch(/stop failed|hook failed/i);
});
