// @module-tag smoke
import { expect, it } from 'vitest';
import { ask, claudeScene, goesOn, ownerGone, ownerId, spent } from './support/owner-scene.ts';
import { START } from './support/puppet.ts';
import { buildState, stopgate } from './support/stopgate.ts';

it('leaves a neighbour alone after the owner beside it has gone, and holds the owner that comes back', async () => {
  const { place, tmux, open } = await claudeScene();
  const owner = await open('work');
  const neighbour = await open('work');
  expect(await ask(owner, START)).toBe('Held.');
  const id = ownerId(place);
  await goesOn(place);

  await owner.enter('/exit');
  await ownerGone(place);
  expect(await ask(neighbour, 'What time is it?')).toBe('Free.');
  expect([ownerId(place), spent(place)]).toEqual([id, 1]);

  const second = await open('work', ['--resume', id]);
  expect(await ask(second, 'Please go on')).toBe('Held.');
  expect([ownerId(place), spent(place)]).toEqual([id, 2]);
  await goesOn(place);

  await tmux.run('kill-pane', '-t', second.id);
  await ownerGone(place);
  expect(await ask(neighbour, 'And what day?')).toBe('Free.');
  expect([ownerId(place), spent(place)]).toEqual([id, 2]);

  const third = await open('work', ['--resume', id]);
  expect(await ask(third, 'Please go on again')).toBe('Held.');
  expect([ownerId(place), spent(place)]).toEqual([id, 3]);
  const { id: build } = buildState(place);
  expect(await stopgate(place, 'build', 'history', '--build', build)).not.toMatch(
    /inherit|took over/i,
  );
});
