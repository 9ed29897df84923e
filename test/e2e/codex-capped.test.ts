// @module-tag smoke
import { expect, it } from 'vitest';
import { endCodexAfterTest } from './support/codex-daemon.ts';
import { openCodex } from './support/codex-tui.ts';
import { inOrder } from './support/model-server.ts';
import { codexWithStop } from './support/run-codex.ts';
import { buildState, gateEvents } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';

it('lets Codex, which knows no cap, go after three blocks and tells the person', async () => {
  const { place, model } = await codexWithStop(
    inOrder([
      { run: 'stopgate build start "Add a greeting" --size small' },
      { say: 'I would rather stop here.' },
    ]),
  );
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
