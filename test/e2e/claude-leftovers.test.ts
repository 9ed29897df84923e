import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readIfThere } from '../../src/state/read-file.ts';
import { turnEnded } from './support/claude-tui.ts';
import { claudeWire } from './support/claude-wire.ts';
import { claude } from './support/clients.ts';
import { besides } from './support/leftovers.ts';
import { inOrder, type Script, startModelServer } from './support/model-server.ts';
import { claudeEnv, configureClaude } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { installHook } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';
import { sessionRecord } from './support/worker.ts';

/** A real Claude Code in a tmux session of ours, at work. */
async function launched(script: Script, prepare: (place: Scratch) => void = () => undefined) {
  const place = scratch();
  configureClaude(place);
  await installHook(place);
  prepare(place);
  const model = await startModelServer(claudeWire, script);
  const tmux = privateTmux(place, claudeEnv(model.url));
  await tmux.keep();
  const machine = besides(place, tmux);
  const pane = await machine.launch('worker', claude, '--permission-mode', 'manual');
  await until('Claude to be ready', async () => (await pane.screen()).includes('manual mode on'));
  await pane.enter('Please work');
  return { ...machine, place, pane };
}

it('ends a released Claude Code that is idle, politely, and only at the second look', {
  tags: 'smoke',
}, async () => {
  const { place, pane, run, finished, prunedAtTheSecondLook, sessions } = await launched(
    inOrder([{ say: 'All done.' }]),
  );
  await turnEnded(pane, 'All done.');
  expect((await finished('worker'))?.why[0]).toContain('is idle since');

  const { agent, sessionId } = sessionRecord(place);
  await run('session', 'release', sessionId);
  await prunedAtTheSecondLook('worker');
  expect(await sessions()).toEqual(['keeper']);
  expect(sessionRecord(place)).toMatchObject({
    status: 'stopped',
    lastEvent: 'SessionEnd',
    endReason: 'other',
    agent,
  });
});

it('leaves a half typed prompt alone, and ends the session once that is gone', async () => {
  const { pane, run, finished, keptWhileHalfTyped, prunedAtTheSecondLook, sessions } =
    await launched(inOrder([{ say: 'All done.' }]));
  await turnEnded(pane, 'All done.');
  await finished('worker');
  await run('session', 'release', 'worker');
  await keptWhileHalfTyped('worker', pane);
  await prunedAtTheSecondLook('worker');
  expect(await sessions()).toEqual(['keeper']);
}, 180_000);

it('leaves one alone whose stop another hook still holds, though ours was approved', async () => {
  const { place, pane, run, reported, sessions, keptThoughPrunedTwice, prunedAtTheSecondLook } =
    await launched(inOrder([{ say: 'All done.' }]), holdsStops);
  const gate = () => readIfThere(join(place.state, 'events/gate.jsonl')) ?? '';
  await until('our gate to approve the stop', () => gate().includes('"verdict":"approve"'));
  await run('session', 'release', 'worker');
  await keptThoughPrunedTwice('worker');
  expect(await sessions()).toEqual(['keeper', 'worker']);
  writeFileSync(join(place.root, 'go'), '');
  await turnEnded(pane, 'All done.');
  const isIdle = async () => (await reported('worker'))?.class === 'cleanup-eligible';
  await until('the session to be idle', isIdle, 40);
  await prunedAtTheSecondLook('worker');
}, 180_000);

/** Registers a Stop hook of a person's own, which holds every stop until there is a file `go`. */
function holdsStops({ claudeConfig, root }: Scratch): void {
  const path = join(claudeConfig, 'settings.json');
  const settings = JSON.parse(readFileSync(path, 'utf8'));
  const command = `while test ! -e '${join(root, 'go')}'; do sleep 0.2; done`;
  settings.hooks.Stop.push({ hooks: [{ type: 'command', command }] });
  writeFileSync(path, JSON.stringify(settings));
}

it('leaves a Claude Code that works alone, released or not', async () => {
  const { place, run, sessions, keptThoughPrunedTwice } = await launched(async () => {
    await sleep(25_000);
    return { say: 'Late.' };
  });
  await until('the prompt to be recorded', () => {
    try {
      return sessionRecord(place).lastEvent === 'UserPromptSubmit';
    } catch {
      return false;
    }
  });
  await run('session', 'release', 'worker');
  await keptThoughPrunedTwice('worker');
  expect(await sessions()).toEqual(['keeper', 'worker']);
}, 120_000);
