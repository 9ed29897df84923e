// @module-tag smoke
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { claudeWire } from './support/claude-wire.ts';
import { codexScratch, runTrusted, stopHooks } from './support/codex-trusted.ts';
import { type Answer, inOrder, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { configureCodex } from './support/run-codex.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildState, gateEvents, stopgate } from './support/stopgate.ts';

/** Each stop is answered at once and with the same words, so that two stops differ in nothing but their time. */
const HELD: [Answer, ...Answer[]] = [
  { run: 'stopgate build start "Add a greeting" --size large' },
  { say: 'No.' },
  { say: 'No.' },
  { say: 'No.' },
  { run: 'stopgate build complete' },
  { say: 'The greeting is there.' },
];

it('Codex: a stop is judged once when user and project both call us, each stop anew', async () => {
  const place = codexScratch();
  await execa('git', ['init', '-q', place.project]);
  configureCodex(place, 'http://127.0.0.1:9');
  await stopgate(place, 'install', '--host', 'codex', '--trust');
  await stopgate(place, 'install', '--host', 'codex', '--scope', 'project', '--trust');

  const { shown } = await runTrusted(place, HELD);

  expect(stopHooks(shown).filter((word) => word === 'Blocked')).toHaveLength(3);
  expect(stopHooks(shown)).toHaveLength(8);
  expectThreeBlocks(place);
});

it('Claude Code: the same for user and project, whose commands differ', async () => {
  const place = scratch();
  await execa('git', ['init', '-q', place.project]);
  await stopgate(place, 'install');
  await stopgate(place, 'install', '--scope', 'project');
  const model = await startModelServer(claudeWire, inOrder(HELD));

  await runClaude(place, model.url, 'Please add a greeting');

  const feedback = model.turns.at(-1)?.said.filter((text) => text.includes('is not finished'));
  expect(feedback).toHaveLength(3);
  expectThreeBlocks(place);
});

function expectThreeBlocks(place: Scratch): void {
  expect(gateEvents(place).filter(({ verdict }) => verdict === 'block')).toHaveLength(3);
  expect(buildState(place)).toMatchObject({ phase: 'complete', budget: { spent: 3 } });
  const [session = ''] = readdirSync(join(place.state, 'sessions'));
  const { sessionId } = JSON.parse(readFileSync(join(place.state, 'sessions', session), 'utf8'));
  expect(sessionId).toBe(buildState(place).owner.sessionId);
}
