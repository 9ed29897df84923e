// @module-tag smoke
import { expect, it } from 'vitest';
import { notices } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook } from './support/stopgate.ts';

it('blocks a small build without progress three times, then lets go and tells the person', async () => {
  const place = scratch();
  await installHook(place);
  const model = await startModelServer(
    claudeWire,
    inOrder([
      { run: 'stopgate build start "Add a greeting" --size small' },
      { say: 'I would rather stop here.' },
    ]),
  );

  const { stdout, exitCode } = await runClaude(place, model.url, 'Please add a greeting');

  const feedback = model.turns
    .at(-1)
    ?.said.filter((text) => text.startsWith('Stop hook feedback:'));
  expect(feedback).toHaveLength(3);
  expect(model.turns).toHaveLength(5);
  expect(exitCode).toBe(0);

  expect(gateEvents(place).map(({ verdict, cause }) => [verdict, cause])).toEqual([
    ['block', 'unfinished'],
    ['block', 'unfinished'],
    ['block', 'unfinished'],
    ['approve', 'capped'],
  ]);
  const build = buildState(place);
  expect(build).toMatchObject({ phase: 'executing', budget: { limit: 3, spent: 3 } });
  expect(notices(stdout)).toEqual([expect.stringContaining(build.id)]);
});
