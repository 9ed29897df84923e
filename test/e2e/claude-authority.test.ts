import { expect } from 'vitest';
import { GOES_ON, REMINDER } from './support/authority.ts';
import { authorityCases } from './support/authority-cases.ts';
import { finalAnswer } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { type Script, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import type { Scratch } from './support/scratch.ts';
import { installHook } from './support/stopgate.ts';

/** The model's turns, and what it was told besides its prompt. */
async function session(place: Scratch, script: Script) {
  const model = await startModelServer(claudeWire, script);
  const { stdout, exitCode } = await runClaude(place, model.url, 'Please add a greeting');
  expect(exitCode).toBe(0);
  expect(finalAnswer(stdout)).toBe(GOES_ON);
  const feedback = model.turns.at(-1)?.said.filter((text) => text.startsWith('Stop hook'));
  return { turns: model.turns.length, feedback };
}

authorityCases({
  host: 'claude',
  install: installHook,
  session,
  free: { turns: 1, feedback: [] },
  held: { turns: 2, feedback: [expect.stringMatching(REMINDER)] },
});
