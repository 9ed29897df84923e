// @module-tag smoke
import { expect, it } from 'vitest';
import { inOrder } from './support/model-server.ts';
import { codexWithStop, runCodex } from './support/run-codex.ts';
import { buildState, gateEvents } from './support/stopgate.ts';

it('holds a Codex session once and lets it stop when the build is complete', async () => {
  const { place, model } = await codexWithStop(
    inOrder([
      { run: 'stopgate build start "Add a greeting"' },
      { say: 'I would rather stop here.' },
      { run: 'stopgate build complete' },
      { say: 'The greeting is there.' },
    ]),
  );

  const { stdout, stderr, exitCode } = await runCodex(place, 'Please add a greeting');

  expect(model.turns).toHaveLength(4);
  expect(model.turns[2]?.said.at(-1)).toContain('Add a greeting');
  expect(model.turns[2]?.said.at(-1)).toContain('stopgate build');
  expect(stdout).toBe('The greeting is there.');
  expect(exitCode).toBe(0);

  const shown = `${stdout}\n${stderr}`;
  expect(shown.match(/^hook: Stop (\w+)/gm)).toEqual([
    'hook: Stop Blocked',
    'hook: Stop Completed',
  ]);
  expect(shown).not.toMatch(/stop failed|hook failed/i);

  expect(buildState(place)).toMatchObject({ phase: 'complete', budget: { spent: 1 } });
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  expect(blocks).toMatchObject([
    { host: 'codex', session: buildState(place).owner.sessionId, cause: 'unfinished' },
  ]);
});
