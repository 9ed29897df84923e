import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codex } from './support/clients.ts';
import { endCodexAfterTest } from './support/codex-daemon.ts';
import { trustCodexHooks } from './support/codex-trust.ts';
import { openCodexBy } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { inOrder, type Script, startModelServer } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { stopgate } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';
import {
  asIntake,
  decided,
  gone,
  HAND_OFF,
  handsOff,
  type Rule,
  sessionRecord,
  toolServerToml,
} from './support/worker.ts';

async function worker(
  script: Script,
  {
    before = asIntake,
    flags = ['--no-daemon'],
    rules,
  }: { before?: string[]; flags?: string[]; rules?: Rule[] } = {},
) {
  const place = scratch();
  handsOff(place, rules);
  const model = await startModelServer(codexWire, script);
  configureCodex(place, model.url);
  appendFileSync(join(place.codexHome, 'config.toml'), toolServerToml());
  endCodexAfterTest(place);
  await stopgate(place, 'install', '--host', 'codex');
  await trustCodexHooks(place);
  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });
  await tmux.run('new-session', '-d', '-s', 'keeper', 'sleep 600');
  const pane = await openCodexBy(tmux, 'work', [...before, codex, ...flags]);
  return { place, model, tmux, pane };
}

it('leaves Codex by /quit within 5 s of its final answer, and the session can be resumed', async () => {
  const { place, pane } = await worker(
    inOrder([{ call: HAND_OFF, input: {} }, { say: 'I handed it off.' }]),
  );
  await pane.enter('Please hand off');
  await until('the final answer', async () => (await pane.screen()).includes('• I handed it off.'));
  const { agent } = sessionRecord(place);
  const ms = await gone(agent?.pid ?? 0);
  console.log(ms, decided(place));
  expect(ms).toBeLessThan(5_000);
  await until('the closer to have confirmed it', () =>
    decided(place).some((l) => l.startsWith('ended')),
  );
  const record = sessionRecord(place);
  expect(record).toMatchObject({
    status: 'stopped',
    role: 'intake',
    lastEvent: 'SessionEnd',
    exitReason: `shutdown-after-idle: role intake, tool ${HAND_OFF}`,
  });
  expect(readFileSync(record.transcript, 'utf8')).toContain('I handed it off.');
});
