import { expect, it } from 'vitest';
import { ask, claudeScene, goesOn, OUTSIDE_TMUX, ownerId, spent } from './support/owner-scene.ts';
import { START } from './support/puppet.ts';
import type { Pane } from './support/tmux.ts';
import { until } from './support/until.ts';
import { sessionRecord } from './support/worker.ts';

it.each([
  ['outside tmux', OUTSIDE_TMUX],
  ['in a pane', []],
])(
  '%s: /clear keeps the owner, and /resume into another conversation makes that one no owner',
  async (_, before) => {
    const { place, open } = await claudeScene();
    const pane = await open('work', [], { before });
    expect(await ask(pane, 'Hello there')).toBe('Free.');
    const other = sessionRecord(place).sessionId;
    await cleared(pane, 'Hello there');
    expect(await ask(pane, START)).toBe('Held.');
    const first = ownerId(place);
    await goesOn(place);

    await cleared(pane, START);
    expect(await ask(pane, 'Please go on')).toBe('Held.');
    const second = ownerId(place);
    expect(second).not.toBe(first);
    expect(spent(place)).toBe(2);
    await goesOn(place);

    await resumed(pane, other, 'Hello there');
    expect(await ask(pane, 'What time is it?')).toBe('Free.');
    expect([ownerId(place), spent(place)]).toEqual([second, 2]);

    await resumed(pane, second, 'Please go on');
    expect(await ask(pane, 'Back again')).toBe('Held.');
    expect([ownerId(place), spent(place)]).toEqual([second, 3]);
  },
);

async function cleared(pane: Pane, prompt: string): Promise<void> {
  await pane.enter('/clear');
  await until('an empty screen', async () => !(await pane.screen()).includes(prompt));
}

async function resumed(pane: Pane, id: string, prompt: string): Promise<void> {
  await pane.enter(`/resume ${id}`);
  await until('the other conversation', async () => (await pane.screen()).includes(`❯ ${prompt}`));
}
