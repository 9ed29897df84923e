import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { finalAnswer } from './support/claude-stream.ts';
import { openClaude } from './support/claude-tui.ts';
import { claudeWire } from './support/claude-wire.ts';
import { inOrder, type Script, startModelServer } from './support/model-server.ts';
import { claudeEnv, configureClaude, runClaude } from './support/run-claude.ts';
import { scratch } from './support/scratch.ts';
import { installHook } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';
import {
  asIntake,
  decided,
  gone,
  HAND_OFF,
  handsOff,
  isAlive,
  sessionRecord,
  withTools,
} from './support/worker.ts';

async function worker(script: Script, before = asIntake) {
  const place = scratch();
  configureClaude(place);
  handsOff(place);
  await installHook(place);
  const model = await startModelServer(claudeWire, script);
  const tmux = privateTmux(place, claudeEnv(model.url));
  await tmux.run('new-session', '-d', '-s', 'keeper', 'sleep 600');
  const pane = await openClaude(tmux, 'work', { before, flags: withTools(place) });
  return { place, model, tmux, pane };
}

it('ends the worker within 5 s of its final answer, and leaves a session that can be resumed', async () => {
  const { place, pane } = await worker(
    inOrder([{ call: HAND_OFF, input: {} }, { say: 'I handed it off.' }]),
  );
  await pane.enter('Please hand off');
  let seen = '';
  await until('the final answer', async () => {
    seen = await pane.screen();
    return seen.includes('● I handed it off.');
  });
  const { agent } = sessionRecord(place);
  const ms = await gone(agent?.pid ?? 0);
  console.log(ms, decided(place));
  expect(ms).toBeLessThan(5_000);
  await until('the closer to have confirmed it', () =>
    decided(place).some((l) => l.startsWith('ended')),
  );
  expect(sessionRecord(place)).toMatchObject({
    status: 'stopped',
    role: 'intake',
    lastEvent: 'SessionEnd',
    exitReason: `shutdown-after-idle: role intake, tool ${HAND_OFF}`,
  });
  const record = sessionRecord(place);
  expect(readFileSync(record.transcript, 'utf8')).toContain('I handed it off.');
  const after = await startModelServer(claudeWire, inOrder([{ say: 'Again.' }]));
  const resumed = await runClaude(place, after.url, 'What did you do?', [
    '--resume',
    record.sessionId,
  ]);
  expect(finalAnswer(resumed.stdout)).toBe('Again.');
  expect(after.turns[0]?.said.join('\n')).toContain('Please hand off');
  expect(after.turns[0]?.results.at(-1)).toContain('hand_off: done');
  expect(isAlive(agent?.pid ?? 0)).toBe(false);
});
