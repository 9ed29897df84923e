// @module-tag smoke
import { expect, it } from 'vitest';
import { finalAnswer, sessionId } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { claude } from './support/clients.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook } from './support/stopgate.ts';

it('lets an agent that the owner starts stop at once, and still holds the owner', async () => {
  const place = scratch();
  await installHook(place);
  const childModel = await startModelServer(claudeWire, inOrder([{ say: 'The child is done.' }]));
  const child = `ANTHROPIC_BASE_URL=${childModel.url} '${claude}' -p 'Say that you are done' </dev/null`;
  const ownerModel = await startModelServer(
    claudeWire,
    inOrder([
      { run: 'stopgate build start "Add a greeting"' },
      { run: child },
      { say: 'I would rather stop here.' },
      { run: 'stopgate build complete' },
      { say: 'Finished.' },
    ]),
  );

  const flags = ['--allowedTools', 'Bash'];
  const { stdout } = await runClaude(place, ownerModel.url, 'Please add a greeting', flags);

  expect(ownerModel.turns[2]?.results.at(-1)).toBe('The child is done.');
  expect(childModel.turns).toHaveLength(1);
  expect(finalAnswer(stdout)).toBe('Finished.');
  expect(buildState(place)).toMatchObject({ phase: 'complete', budget: { spent: 1 } });
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  expect(blocks).toMatchObject([{ session: sessionId(stdout) }]);
});
