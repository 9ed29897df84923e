import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { finalAnswer } from './support/claude-stream.ts';
import { openClaude, turnEnded } from './support/claude-tui.ts';
import { claudeWire } from './support/claude-wire.ts';
import { claude } from './support/clients.ts';
import { type Answer, inOrder, type Script, startModelServer } from './support/model-server.ts';
import { claudeEnv, configureClaude, runClaude } from './support/run-claude.ts';
import { scratch } from './support/scratch.ts';
import { installHook } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';
import {
  asIntake,
  confirmed,
  decided,
  endWorkersAfterTest,
  gone,
  HAND_OFF,
  handsOff,
  isAlive,
  LOOK,
  pause,
  sessionRecord,
  sessionRecords,
  withTools,
} from './support/worker.ts';
import { handOff, LONG_MS, REQUESTED, workerCases } from './support/worker-cases.ts';

/** A real Claude Code in a pane, a worker unless `before` says otherwise. */
async function worker(script: Script, before = asIntake) {
  const place = scratch();
  configureClaude(place);
  handsOff(place);
  await installHook(place);
  endWorkersAfterTest(place);
  const model = await startModelServer(claudeWire, script);
  const tmux = privateTmux(place, claudeEnv(model.url));
  await tmux.keep();
  const flags = withTools(place);
  const pane = await openClaude(tmux, 'work', { before, flags });
  const pid = () => sessionRecord(place).agent?.pid ?? 0;
  return { place, model, tmux, pane, flags, pid };
}

it('goes on after a failed call, another tool, and calls of a subagent and of a child claude -p', async () => {
  const child = await startModelServer(
    claudeWire,
    inOrder([handOff, { say: 'The child is done.' }]),
  );
  const task = { description: 'x', prompt: 'subagent, hand off', subagent_type: 'general-purpose' };
  const moves: Record<string, Answer> = {
    fail: { call: HAND_OFF, input: { how: 'flag' } },
    break: { call: HAND_OFF, input: { how: 'protocol' } },
    look: { call: LOOK, input: {} },
    delegate: { call: 'Agent', input: task },
    spawn: { run: `ANTHROPIC_BASE_URL=${child.url} '${claude}' -p 'hand off' "$FLAGS" </dev/null` },
  };
  const begun = new Set<string>();
  const { place, model, pane, flags } = await worker(({ said }) => {
    const prompt = said.at(-1) ?? '';
    const move = prompt === task.prompt ? handOff : moves[prompt];
    if (move === undefined || begun.has(prompt)) return { say: `Done: ${prompt}.` };
    begun.add(prompt);
    if ('run' in move) return { run: move.run.replace('"$FLAGS"', flags.join(' ')) };
    return move;
  });
  for (const prompt of Object.keys(moves)) {
    await pane.enter(prompt);
    await turnEnded(pane, `Done: ${prompt}.`);
  }
  await pause(LONG_MS);
  expect(child.turns).toHaveLength(2);
  expect(child.turns[1]?.results.at(-1)).toContain('hand_off: done');
  const subagent = model.turns.filter(({ said }) => said.at(-1) === task.prompt);
  expect(subagent.at(-1)?.results).toEqual([expect.stringContaining('hand_off: done')]);
  const main = sessionRecords(place).find(({ role }) => role === 'intake');
  expect(isAlive(main?.agent?.pid ?? 0)).toBe(true);
  expect(decided(place)).toEqual([]);
});

it('never ends a process that only has the pid of a worker', async () => {
  const { place, pane, pid } = await worker(
    inOrder([{ say: 'Ready.' }, handOff, { say: 'I handed it off.' }]),
  );
  await pane.enter('Are you there?');
  await turnEnded(pane, 'Ready.');
  const path = join(place.state, `runtime/roles/${pid()}.json`);
  const role = JSON.parse(readFileSync(path, 'utf8'));
  const start = `${role.agent.start}0`;
  writeFileSync(path, JSON.stringify({ ...role, agent: { ...role.agent, start } }));
  await pane.enter('Please hand off');
  await turnEnded(pane, 'I handed it off.');
  await pause(LONG_MS);
  expect(isAlive(pid())).toBe(true);
  expect(decided(place)).toEqual([]);
});

it('answers a prompt that was typed during the turn, and one typed at its end, before it ends', async () => {
  const { place, model, pane, pid } = await worker(async ({ said, results }) => {
    if (said.at(-1) === 'And this?') return { say: 'This too.' };
    if (said.at(-1) === 'And that?') return { say: 'That as well.' };
    if (results.length === 0) return handOff;
    await pause(2_500);
    return { say: 'I handed it off.' };
  });
  await pane.enter('Please hand off');
  await until('the hand-off', () => decided(place).length > 0);
  await pane.enter('And this?');
  await until('the first answer', async () => (await pane.screen()).includes('● This too.'));
  await pane.enter('And that?');
  await until('the second answer', async () => (await pane.screen()).includes('● That as well.'));
  expect(await gone(pid())).toBeLessThan(5_000);
  await confirmed(place);
  expect(model.turns.at(-1)?.said).toEqual(expect.arrayContaining(['And this?', 'And that?']));
  expect(readFileSync(sessionRecord(place).transcript, 'utf8')).toContain('That as well.');
});

it('ends after its background work', async () => {
  const { place, pane, pid } = await worker(({ said, results }) => {
    if (results.length === 0) return { run: 'sleep 9', background: true };
    if (results.length === 1) return handOff;
    return {
      say: said.some((text) => text.includes('task-notification'))
        ? 'Now all is done.'
        : 'Handed off.',
    };
  });
  await pane.enter('Please hand off');
  await turnEnded(pane, 'Handed off.');
  await pause(3_000);
  expect(isAlive(pid())).toBe(true);
  expect(decided(place)).toEqual([REQUESTED, 'deferred: background work is left']);
  await gone(pid(), 20);
  await confirmed(place);
  expect(readFileSync(sessionRecord(place).transcript, 'utf8')).toContain('Now all is done.');
});

it('waits while an attached client is in use', async () => {
  const { place, tmux, pane, pid } = await worker(inOrder([handOff, { say: 'I handed it off.' }]));
  const socket = (await tmux.run('display-message', '-p', '#{socket_path}')).stdout;
  const person = privateTmux(place, {});
  const attach = `tmux -S ${socket} attach-session -t =work`;
  const { stdout: seat } = await person.run(
    'new-session',
    '-d',
    '-P',
    '-F',
    '#{pane_id}',
    `env -u TMUX ${attach}`,
  );
  await until('the client', async () => (await tmux.run('list-clients')).stdout !== '');
  await pane.enter('Please hand off');
  await turnEnded(pane, 'I handed it off.');
  await person.run('send-keys', '-t', seat, 'Escape');
  const used = Date.now();
  await pause(LONG_MS);
  expect(isAlive(pid())).toBe(true);
  expect(decided(place).at(-1)).toBe('waiting: an attached client was active in the last 30 s');
  await gone(pid(), 40);
  expect(Date.now() - used).toBeGreaterThan(28_000);
  await confirmed(place);
});

it('never ends another process in which the session was resumed', async () => {
  const { place, tmux, pane, flags, pid } = await worker(async ({ said, results }) => {
    if (results.length === 0) return handOff;
    return { say: said.at(-1) === 'And now?' ? 'Still here.' : 'I handed it off.' };
  });
  await pane.enter('Please hand off');
  await until('the hand-off', () => decided(place).length > 0);
  const { sessionId, transcript } = sessionRecord(place);
  await until('the transcript', () => readFileSync(transcript, 'utf8').includes('hand_off: done'));
  process.kill(pid(), 'SIGKILL');
  await gone(pid());
  const again = await openClaude(tmux, 'again', { flags: [...flags, '--resume', sessionId] });
  await again.enter('And now?');
  await turnEnded(again, 'Still here.');
  await pause(LONG_MS);
  expect(isAlive(pid())).toBe(true);
  // Whichever hook comes first: the new process's own, or one that clears requests of dead processes.
  const why = /^dropped: (the process is gone|the session runs in another process)$/;
  expect(decided(place)).toEqual([REQUESTED, expect.stringMatching(why)]);
});

it('takes the request back when somebody keeps the session', async () => {
  const { place, pane, pid } = await worker(async ({ results }) => {
    if (results.length === 0) return handOff;
    await pause(1_000);
    return { say: 'I handed it off.' };
  });
  await pane.enter('Please hand off');
  await until('the hand-off', () => decided(place).length > 0);
  const { sessionId } = sessionRecord(place);
  const path = join(place.state, `sessions/${sessionId}.json`);
  const retained = { by: 'person', at: new Date().toISOString(), reason: 'to look at it' };
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), retained }));
  await turnEnded(pane, 'I handed it off.');
  await pause(LONG_MS);
  expect(isAlive(pid())).toBe(true);
  expect(decided(place)).toEqual([REQUESTED, 'dropped: the session is kept']);
});

workerCases({
  worker,
  resume: async ({ place, model }, sessionId, prompt) => {
    const { stdout } = await runClaude(place, model.url, prompt, ['--resume', sessionId]);
    expect(finalAnswer(stdout)).toBe('I remember.');
  },
  turnEnded,
  bullet: '●',
  isInputEmpty: (screen) => inputLine(screen) === '❯',
  steps: [
    [1, 'renameSync', 'ended'],
    [2, 'writeSync', 'ended'],
    [3, 'kill', 'ended'],
    [4, 'renameSync', 'perhaps'],
    [5, 'renameSync', 'gone'],
    [6, 'writeSync', 'gone'],
  ],
  leave: { line: '/exit', exitReason: undefined },
});

/** The last row with a prompt sign; behind it stands a space that doesn't break. */
function inputLine(screen: string): string | undefined {
  const rows = screen.split('\n').filter((row) => row.startsWith('❯'));
  return rows.at(-1)?.trim();
}
