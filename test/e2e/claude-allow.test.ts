// @module-tag smoke
import { expect, it } from 'vitest';
import { claudeWire } from './support/claude-wire.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { runClaudeAsking } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildStates, stopgate } from './support/stopgate.ts';

it('lets Claude Code keep its build without a person to ask, by the rules of install --allow', async () => {
  const place = scratch();
  await stopgate(place, 'install');
  expect(await work(place)).toContain('requires approval');

  await stopgate(place, 'install', '--allow');
  expect(await work(place)).toContain('started in phase executing');
  expect(buildStates(place)).toMatchObject([{ task: 'Add a greeting', phase: 'complete' }]);

  await stopgate(place, 'uninstall');
  expect(await work(place)).toContain('requires approval');
});

/** What the first command of a session gave that may do only what the settings allow. */
async function work(place: Scratch): Promise<string | undefined> {
  const model = await startModelServer(
    claudeWire,
    inOrder([
      { run: 'stopgate build start "Add a greeting"' },
      { run: 'stopgate build complete' },
      { say: 'Done.' },
    ]),
  );
  await runClaudeAsking(place, model.url, 'Please add a greeting');
  return model.turns[1]?.results[0];
}
