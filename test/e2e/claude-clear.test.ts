// @module-tag smoke
import { expect, it } from 'vitest';
import { openClaude, turnEnded } from './support/claude-tui.ts';
import { claudeWire } from './support/claude-wire.ts';
import { type Answer, startModelServer, type Turn } from './support/model-server.ts';
import { claudeEnv, configureClaude } from './support/run-claude.ts';
import { scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';

it('holds the owner in its pane after /clear has given it a new session id', async () => {
  const place = scratch();
  await installHook(place);
  configureClaude(place);
  const model = await startModelServer(claudeWire, answer);
  const pane = await openClaude(privateTmux(place, claudeEnv(model.url)), 'work');

  await pane.enter('First, add a greeting');
  await turnEnded(pane, 'Which language?');
  const stamped = buildState(place).owner;
  expect(buildState(place)).toMatchObject({ phase: 'paused', budget: { spent: 0 } });

  await pane.enter('/clear');
  await until('an empty screen', async () => !(await pane.screen()).includes('First, add'));
  await pane.enter('Second, make it French');
  await turnEnded(pane, 'Bonjour.');

  const { phase, budget, owner } = buildState(place);
  expect({ phase, spent: budget.spent }).toEqual({ phase: 'complete', spent: 1 });
  expect(owner.sessionId).not.toBe(stamped.sessionId);
  expect(owner.agent).toEqual(stamped.agent);
  const blocks = gateEvents(place).filter(({ verdict }) => verdict === 'block');
  expect(blocks).toMatchObject([{ host: 'claude', session: owner.sessionId, cause: 'unfinished' }]);
});

function answer({ said, results }: Turn): Answer {
  if (!said.some((text) => text.startsWith('Second'))) {
    if (results.length === 0) return { run: 'stopgate build start "Add a greeting"' };
    if (results.length === 1) return { run: 'stopgate build pause --reason "Which language?"' };
    return { say: 'Which language?' };
  }
  if (results.length === 0) return { run: 'stopgate build resume' };
  if (results.length > 1) return { say: 'Bonjour.' };
  const held = said.at(-1)?.startsWith('Stop hook feedback:');
  return held ? { run: 'stopgate build complete' } : { say: 'I would rather stop here.' };
}
