// @module-tag smoke
import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { finalAnswer, sessionId } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { gateEvents, installHook, stateFile } from './support/stopgate.ts';

it('lets a second session in the same project stop at once and leaves the build alone', async () => {
  const place = scratch();
  await installHook(place);
  const neighbourModel = await startModelServer(claudeWire, inOrder([{ say: 'Hello.' }]));
  const meanwhile: { stdout?: string; before?: object; after?: object } = {};
  const ownerAnswers = inOrder([
    { run: 'stopgate build start "Add a greeting"' },
    { say: 'I would rather stop here.' },
    { run: 'stopgate build complete' },
    { say: 'Finished.' },
  ]);
  const ownerModel = await startModelServer(claudeWire, async (turn) => {
    if (turn.results.length === 1 && !meanwhile.before) {
      meanwhile.before = snapshot(place);
      meanwhile.stdout = (await runClaude(place, neighbourModel.url, 'Just say hello')).stdout;
      meanwhile.after = snapshot(place);
    }
    return ownerAnswers(turn);
  });

  const owner = await runClaude(place, ownerModel.url, 'Please add a greeting');

  expect(finalAnswer(meanwhile.stdout ?? '')).toBe('Hello.');
  expect(neighbourModel.turns).toHaveLength(1);
  expect(meanwhile.after).toEqual(meanwhile.before);

  expect(finalAnswer(owner.stdout), 'the gate was on all the while').toBe('Finished.');
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  expect(blocks).toMatchObject([{ session: sessionId(owner.stdout) }]);
  expect(sessionId(meanwhile.stdout ?? '')).not.toBe(sessionId(owner.stdout));
});

function snapshot(place: Scratch): object {
  const file = stateFile(place);
  const { mtimeNs, ino } = statSync(file, { bigint: true });
  return { bytes: readFileSync(file).toString('hex'), mtimeNs, ino };
}
