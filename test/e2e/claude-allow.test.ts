// @module-tag smoke
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claudeWire } from './support/claude-wire.ts';
import { type Answer, inOrder, startModelServer } from './support/model-server.ts';
import { runClaudeAsking } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildStates, stopgate } from './support/stopgate.ts';

const STEP = 'stopgate build step "lexer" --tests 1 --passing 1';
const VERIFYING = 'stopgate build phase verifying';

it('lets Claude Code record what it did unasked, and no command get anything run', async () => {
  const place = scratch();
  const outside = join(place.root, 'outside');
  const touch = `touch ${outside}`;
  const asked = [
    `stopgate build start "Add a greeting" --check "${touch}"`,
    `stopgate build wait --until "${touch}"`,
    `stopgate build watch any 9999999999999 "${touch}"`,
    'stopgate build start "Add a greeting" --worktree',
    'stopgate build complete',
    'stopgate build phase complete',
    'stopgate build phase --evidence all complete',
    `stopgate build step "$(${touch})"`,
    `stopgate build step x > ${outside}`,
    `stopgate build step x; ${touch}`,
    `stopgate build step x & ${touch}`,
    `PATH=${place.project}:$PATH stopgate build step x`,
    './stopgate build step x',
  ];

  await stopgate(place, 'install');
  const before = await results(place, [touch, STEP]);
  expect(before[1]).toContain('requires approval');
  expect(existsSync(outside)).toBe(false);

  await stopgate(place, 'install', '--allow');
  const [step, verifying, ...others] = await results(place, [STEP, VERIFYING, ...asked]);
  expect(step).toContain('step 1 recorded');
  expect(verifying).toContain('now in phase verifying');
  expect(others).toHaveLength(asked.length);
  // What stopgate prints begins with one of these: nothing of it ran.
  for (const [at, text] of others.entries())
    expect(text, asked[at]).not.toMatch(/^(build|stopgate:|error:)/m);
  expect(existsSync(outside)).toBe(false);
  expect(
    buildStates(place)
      .map(({ phase }) => phase)
      .sort(),
  ).toEqual(['executing', 'verifying']);

  await stopgate(place, 'uninstall');
  expect((await results(place, [STEP]))[0]).toContain('requires approval');
});

/** What each command gave in a session with a build of its own that may do only what the settings allow. */
async function results(place: Scratch, commands: string[]): Promise<string[]> {
  const session = randomUUID();
  await stopgate(place, 'build', 'start', 'Add a greeting', '--owner-session', session);
  const answers: Answer[] = [...commands.map((run) => ({ run })), { say: 'Done.' }];
  const model = await startModelServer(claudeWire, inOrder(answers as [Answer, ...Answer[]]));
  const flags = ['--session-id', session, '--permission-mode', 'default'];
  await runClaudeAsking(place, model.url, 'Please add a greeting', flags);
  return model.turns.at(-1)?.results ?? [];
}
