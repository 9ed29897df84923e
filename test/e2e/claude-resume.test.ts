// @module-tag smoke
import { expect, it } from 'vitest';
import { finalAnswer, sessionId } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { scratch } from './support/scratch.ts';
import { buildState, installHook } from './support/stopgate.ts';

it('still holds the owner when the session is resumed by a new process', async () => {
  const place = scratch();
  await installHook(place);
  const before = await startModelServer(
    claudeWire,
    inOrder([
      { run: 'stopgate build start "Add a greeting" --size small' },
      { run: 'stopgate build pause --reason "Which language?"' },
      { say: 'Which language?' },
    ]),
  );
  const asked = await runClaude(place, before.url, 'Please add a greeting');
  expect(finalAnswer(asked.stdout)).toBe('Which language?');
  expect(buildState(place)).toMatchObject({ phase: 'paused', budget: { spent: 0 } });

  const after = await startModelServer(
    claudeWire,
    inOrder([
      { run: 'stopgate build resume' },
      { say: 'I would rather stop here.' },
      { run: 'stopgate build complete' },
      { say: 'Bonjour.' },
    ]),
  );
  const resume = ['--resume', sessionId(asked.stdout) ?? ''];
  const answered = await runClaude(place, after.url, 'French', resume);

  expect(after.turns[2]?.said.at(-1)).toMatch(/^Stop hook feedback:/);
  expect(finalAnswer(answered.stdout)).toBe('Bonjour.');
  expect(buildState(place)).toMatchObject({ phase: 'complete', budget: { spent: 1 } });
});
