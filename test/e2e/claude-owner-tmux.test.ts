import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claude } from './support/clients.ts';
import { ask, claudeScene, goesOn, ownerId, spent } from './support/owner-scene.ts';
import { gateEvents, stopgate } from './support/stopgate.ts';

it('holds the worker of the tmux session that --owner-tmux named, not its child and not its neighbour', {
  tags: 'smoke',
}, async () => {
  const { place, model, open } = await claudeScene();
  const child = `#!/bin/sh\nexec '${claude}' -p 'Say hello' </dev/null\n`;
  writeFileSync(join(place.home, 'bin/child'), child, { mode: 0o755 });
  const worker = await open('worker1');
  await stopgate(place, 'build', 'start', 'Add a greeting', '--owner-tmux', 'worker1');

  expect(await ask(worker, 'run child')).toBe('Held.');

  expect(model.turns.at(-1)?.results[0], 'what the child said').toBe('Free.');
  expect(spent(place)).toBe(1);
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  expect(blocks).toMatchObject([{ session: ownerId(place) }]);

  await goesOn(place);
  const neighbour = await open('worker1');
  expect(await ask(neighbour, 'What time is it?')).toBe('Free.');
  expect(spent(place)).toBe(1);
});

it('holds a named worker that is rooted in a linked worktree of the repository', async () => {
  const { place, tree, open } = await claudeScene();
  await stopgate(place, 'build', 'start', 'Add a greeting', '--owner-tmux', 'worker1');
  const worker = await open('worker1', [], { dir: tree });
  expect(await ask(worker, 'Please work')).toBe('Held.');
  expect(spent(place)).toBe(1);
});
