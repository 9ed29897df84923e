import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { finalAnswer } from './support/claude-stream.ts';
import { ask, claudeScene, goesOn, OUTSIDE_TMUX, ownerId, spent } from './support/owner-scene.ts';
import { puppet, START } from './support/puppet.ts';
import { runClaude } from './support/run-claude.ts';
import { stateFile, stopgate } from './support/stopgate.ts';
import { until } from './support/until.ts';

const BOTH = (id: string) => ['Add a greeting', '--owner-session', id, '--owner-tmux', 'worker1'];

it('--owner-session and --owner-tmux, given by another agent: the session arrives first', async () => {
  const { place, model, open } = await claudeScene();
  const id = randomUUID();
  const words = BOTH(id).map((word) => `"${word}"`);
  const manager = await claudeAnswer(
    place,
    model.url,
    `run stopgate build start ${words.join(' ')}`,
  );
  expect(manager, 'who starts a build for another owns none').toBe('Ran.');

  const session = await open('work', ['--session-id', id], { before: OUTSIDE_TMUX });
  expect(await ask(session, 'Please work')).toBe('Held.');
  await goesOn(place);
  const worker = await open('worker1');
  expect(await ask(worker, 'What time is it?')).toBe('Free.');
  expect([ownerId(place), spent(place)]).toEqual([id, 1]);
});

it('--owner-session and --owner-tmux, given by a person: the agent of that tmux session arrives first', async () => {
  const { place, model, open } = await claudeScene();
  const id = randomUUID();
  await stopgate(place, 'build', 'start', ...BOTH(id));

  const worker = await open('worker1');
  expect(await ask(worker, 'Please work')).toBe('Held.');
  const found = ownerId(place);
  expect(found).not.toBe(id);
  await goesOn(place);
  expect(await claudeAnswer(place, model.url, 'What time is it?', ['--session-id', id])).toBe(
    'Free.',
  );
  expect([ownerId(place), spent(place)]).toEqual([found, 1]);
});

it('an owner that names itself keeps its process: a /clear before its first stop loses nothing', async () => {
  let hung = 0;
  const { place, open } = await claudeScene(async (turn) => {
    const answer = await puppet(turn);
    if (!('say' in answer) || answer.say !== 'Ran.') return answer;
    hung += 1;
    return new Promise(() => {});
  });
  const first = randomUUID();
  const pane = await open('work', ['--session-id', first], { before: OUTSIDE_TMUX });
  await pane.enter(`${START} --owner-session ${first}`);
  await until('the build, and the model to be asked again', () => hung === 1);
  await pane.press('Escape');
  await until('the end of the turn', async () => /Interrupted/.test(await pane.screen()));
  await pane.enter('/clear');
  await until('an empty screen', async () => !(await pane.screen()).includes(START));
  expect(await ask(pane, 'Please go on')).toBe('Held.');
  expect(ownerId(place)).not.toBe(first);
  expect(spent(place)).toBe(1);
});

it('a build that 0.1 stamped keeps its owner by the session id', async () => {
  const { place, model } = await claudeScene();
  expect(await claudeAnswer(place, model.url, START)).toBe('Held.');
  const id = ownerId(place);
  await goesOn(place);
  const state = JSON.parse(readFileSync(stateFile(place), 'utf8'));
  state.owner = only(state.owner, OWNER_01);
  writeFileSync(stateFile(place), JSON.stringify(only(state, BUILD_01)));

  expect(await claudeAnswer(place, model.url, 'What time is it?')).toBe('Free.');
  expect([ownerId(place), spent(place)]).toEqual([id, 1]);
  expect(await claudeAnswer(place, model.url, 'Please go on', ['--resume', id])).toBe('Held.');
  expect([ownerId(place), spent(place)]).toEqual([id, 2]);
});

/** What 0.1 wrote of a build, and of its owner. */
const BUILD_01 =
  'schema id task size phase pausedFrom pauseReason owner checkouts head checks failedCheck fixRounds steps budget history createdAt updatedAt';
const OWNER_01 = 'host sessionId agent pane tmuxName inherited machine stampedAt';

function only(all: Record<string, unknown>, names: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => names.split(' ').includes(name)),
  );
}

async function claudeAnswer(...[place, url, prompt, flags = []]: Parameters<typeof runClaude>) {
  const { stdout } = await runClaude(place, url, prompt, ['--allowedTools', 'Bash', ...flags]);
  return finalAnswer(stdout);
}
