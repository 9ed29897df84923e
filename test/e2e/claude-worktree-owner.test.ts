import { expect, it } from 'vitest';
import { finalAnswer } from './support/claude-stream.ts';
import { ask, claudeScene, goesOn, ownerGone, ownerId, spent } from './support/owner-scene.ts';
import { START } from './support/puppet.ts';
import { runClaude } from './support/run-claude.ts';
import { buildState, stopgate } from './support/stopgate.ts';
import { until } from './support/until.ts';

it('keeps an owner that is restarted in a linked worktree, says so, and knows the first session again', async () => {
  const { place, tree, model, open } = await claudeScene();
  const twice = ['/bin/sh', '-c', `"$@"; cd '${tree}' && "$@"`, 'sh'];
  const pane = await open('work', [], { before: twice });
  expect(await ask(pane, START)).toBe('Held.');
  const first = ownerId(place);
  await goesOn(place);

  await pane.enter('/exit');
  await until('Claude in the worktree', async () =>
    /project\.worktrees\/tree[\s\S]*manual mode on/.test(await pane.screen()),
  );
  expect(await ask(pane, 'Please go on')).toBe('Held.');
  const second = ownerId(place);
  expect(second).not.toBe(first);
  expect(spent(place)).toBe(2);
  const { id: build } = buildState(place);
  expect(await stopgate(place, 'build', 'history', '--build', build)).toContain(first);

  await goesOn(place);
  await pane.enter('/exit');
  await ownerGone(place);
  const back = await runClaude(place, model.url, 'And back again', ['--resume', first]);
  expect(finalAnswer(back.stdout)).toBe('Held.');
  expect([ownerId(place), spent(place)]).toEqual([first, 3]);
});
