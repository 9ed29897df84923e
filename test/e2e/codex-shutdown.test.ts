import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codex } from './support/clients.ts';
import { codexDaemons, endCodexAfterTest } from './support/codex-daemon.ts';
import { trustCodexHooks } from './support/codex-trust.ts';
import { openCodex, openCodexBy, turnEnded } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { type Answer, inOrder, type Script, startModelServer } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { stopgate } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';
import {
  asIntake,
  closed,
  confirmed,
  decided,
  gone,
  HAND_OFF,
  handsOff,
  isAlive,
  LOOK,
  pause,
  sessionRecord,
  sessionRecords,
  toolServerToml,
} from './support/worker.ts';
import { handOff, LONG_MS, PERHAPS, REQUESTED, workerCases } from './support/worker-cases.ts';

const SPAWN = 'multi_agent_v1__spawn_agent';
const RULES = [
  { role: 'intake', tool: HAND_OFF },
  { role: 'intake', tool: 'Bash', host: 'codex', successPattern: '^handed off$' },
];

/** A machine with the hooks trusted, and a model to talk to. */
async function machine(script: Script) {
  const place = scratch();
  handsOff(place, RULES);
  const model = await startModelServer(codexWire, script);
  configureCodex(place, model.url);
  appendFileSync(join(place.codexHome, 'config.toml'), toolServerToml());
  endCodexAfterTest(place);
  await stopgate(place, 'install', '--host', 'codex');
  await trustCodexHooks(place);
  const tmux = privateTmux(place, { FAKE_KEY: 'dummy' });
  await tmux.keep();
  return { place, model, tmux };
}

/** A real Codex in a pane, without the shared daemon; a worker unless `before` says otherwise. */
async function worker(script: Script, before = asIntake) {
  const all = await machine(script);
  const pane = await openCodexBy(all.tmux, 'work', [...before, codex, '--no-daemon']);
  const pid = () => sessionRecord(all.place).agent?.pid ?? 0;
  return { ...all, pane, pid };
}

it('goes on after a failed call, another tool and a shell command that does not say so', async () => {
  const moves: Record<string, Answer> = {
    fail: { call: HAND_OFF, input: { how: 'flag' } },
    break: { call: HAND_OFF, input: { how: 'protocol' } },
    look: { call: LOOK, input: {} },
    shell: { run: 'echo nearly handed off; exit 1' },
    say: { run: 'echo handed off' },
  };
  const begun = new Set<string>();
  const { place, pane, pid } = await worker(({ said }) => {
    const prompt = said.at(-1) ?? '';
    const move = moves[prompt];
    if (move === undefined || begun.has(prompt)) return { say: `Done: ${prompt}.` };
    begun.add(prompt);
    return move;
  });
  for (const prompt of ['fail', 'break', 'look', 'shell']) {
    await pane.enter(prompt);
    await turnEnded(pane, `Done: ${prompt}.`);
  }
  await pause(LONG_MS);
  expect(isAlive(pid())).toBe(true);
  expect(decided(place)).toEqual(['ignored: successPattern is not in the output']);

  await pane.enter('say');
  await gone(pid());
  await confirmed(place);
});

it('answers a prompt that was typed during the turn before it ends', async () => {
  const { place, model, pane, pid } = await worker(async ({ said, results }) => {
    if (said.at(-1) === 'And this?') return { say: 'This too.' };
    if (results.length === 0) return handOff;
    await pause(2_500);
    return { say: 'I handed it off.' };
  });
  await pane.enter('Please hand off');
  await until('the hand-off', () => decided(place).length > 0);
  await pane.enter('And this?');
  await until('the answer', async () => (await pane.screen()).includes('• This too.'));
  await gone(pid());
  await confirmed(place);
  expect(model.turns.at(-1)?.said).toContain('And this?');
});

it('ends after a command that it left in the background', async () => {
  const { place, pane, pid } = await worker(
    inOrder([
      { call: 'exec_command', input: { cmd: 'sleep 10', yield_time_ms: 300 } },
      handOff,
      { say: 'I handed it off.' },
    ]),
  );
  await pane.enter('Please hand off');
  await turnEnded(pane, 'I handed it off.');
  await pause(LONG_MS);
  expect(isAlive(pid())).toBe(true);
  expect(decided(place)).toEqual([
    REQUESTED,
    'waiting: a command or a subagent runs in the background',
  ]);
  await gone(pid());
  await confirmed(place);
});

it('ends after a subagent, and not because of what that one called', async () => {
  const { place, pane, pid } = await worker(async ({ said, results }) => {
    if (said.at(-1) === 'subagent, hand off') {
      if (results.length === 0) return handOff;
      await pause(9_000);
      return { say: 'The subagent is done.' };
    }
    if (results.length === 0) return { call: SPAWN, input: { message: 'subagent, hand off' } };
    if (said.at(-1) === 'Hand off yourself' && results.length === 1) return handOff;
    return { say: results.length === 1 ? 'I delegated.' : 'I handed it off.' };
  });
  await pane.enter('Delegate');
  await turnEnded(pane, 'I delegated.');
  await pause(2_000);
  expect(decided(place)).toEqual([]);
  await pane.enter('Hand off yourself');
  await turnEnded(pane, 'I handed it off.');
  await until('the wait', () => decided(place).length === 2);
  expect(isAlive(pid())).toBe(true);
  expect(decided(place)).toEqual([
    REQUESTED,
    'waiting: a command or a subagent runs in the background',
  ]);
  await gone(pid(), 20);
  await confirmed(place);
});

workerCases({
  worker,
  resume: async ({ tmux }, sessionId, prompt) => {
    const again = await openCodex(tmux, 'again', '--no-daemon', 'resume', sessionId);
    await again.enter(prompt);
    await turnEnded(again, 'I remember.');
  },
  turnEnded,
  bullet: '•',
  isInputEmpty: (screen) => screen.includes('› Ask Codex'),
  steps: [
    [1, 'renameSync', 'ended'],
    [2, 'writeSync', 'ended'],
    [3, 'spawnSync', 'ended'],
    [4, 'renameSync', 'perhaps'],
    [5, 'renameSync', 'gone'],
  ],
  leave: { line: '/quit', exitReason: PERHAPS },
});

it('leaves a session of the shared daemon alone, and reports it, when its terminal is not known', async () => {
  const { place, tmux } = await machine(inOrder([handOff, { say: 'I handed it off.' }]));
  const pane = await openCodexBy(tmux, 'work', [...asIntake, codex]);
  await until('the shared daemon', () => codexDaemons(place).length === 1);
  await pane.enter('Please hand off');
  await turnEnded(pane, 'I handed it off.');
  await pause(LONG_MS);
  expect(await pane.screen()).toContain('› Ask Codex');
  const why = "it runs in Codex's shared daemon, and no terminal is known to show it";
  expect(decided(place)).toEqual([`left: ${why}`, `deferred: ${why}`]);
  expect(await stopgate(place, 'status')).toContain(why);
});

it('detaches a session of the shared daemon whose terminal was opened for it', async () => {
  const { place, tmux } = await machine(({ said, results }) => {
    if (said.at(-1) !== 'Please hand off') return { say: 'Hello.' };
    return results.length === 0 ? handOff : { say: 'I handed it off.' };
  });
  const first = await openCodex(tmux, 'first');
  await first.enter('Hello?');
  await turnEnded(first, 'Hello.');
  const { sessionId } = sessionRecord(place);
  const neighbour = await openCodex(tmux, 'neighbour');
  await first.enter('/quit');
  await until(
    'the first terminal to be closed',
    async () => !(await tmux.run('list-sessions')).stdout.includes('first'),
  );

  const pane = await openCodexBy(tmux, 'work', [...asIntake, codex, 'resume', sessionId]);
  await pane.enter('Please hand off');
  await closed(tmux, 'work');
  await confirmed(place);
  expect(sessionRecords(place).find((record) => record.sessionId === sessionId)).toMatchObject({
    status: 'stopped',
    exitReason: `shutdown-after-idle: role intake, tool ${HAND_OFF}`,
  });
  expect(codexDaemons(place)).toHaveLength(1);
  expect(await neighbour.screen()).toContain('› Ask Codex');
});
