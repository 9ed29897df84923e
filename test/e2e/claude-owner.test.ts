// @module-tag smoke
import { expect, it } from 'vitest';
import { finalAnswer, sessionId } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook } from './support/stopgate.ts';

it('keeps the session that started a build going until it completes the build', async () => {
  const place = scratch();
  await installHook(place);
  const model = await startModelServer(
    claudeWire,
    inOrder([
      { run: 'stopgate build start "Add a greeting"' },
      { say: 'I would rather stop here.' },
      { run: 'stopgate build phase verifying' },
      { run: 'stopgate build complete' },
      { say: 'The greeting is there.' },
    ]),
  );

  const { stdout, exitCode } = await runClaude(place, model.url, 'Please add a greeting');

  const afterFirstStop = model.turns[2];
  expect(afterFirstStop?.said.at(-1)).toMatch(/^Stop hook feedback:/);
  expect(afterFirstStop?.said.at(-1)).toContain('Add a greeting');
  expect(afterFirstStop?.said.at(-1)).toContain('stopgate build');
  expect(model.turns).toHaveLength(5);
  expect(finalAnswer(stdout)).toBe('The greeting is there.');
  expect(exitCode).toBe(0);

  expect(buildState(place)).toMatchObject({
    task: 'Add a greeting',
    phase: 'complete',
    budget: { spent: 1 },
  });
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  expect(blocks).toMatchObject([
    { host: 'claude', session: sessionId(stdout), cause: 'unfinished' },
  ]);
});
