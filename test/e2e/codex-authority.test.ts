import { expect } from 'vitest';
import { GOES_ON, REMINDER } from './support/authority.ts';
import { authorityCases } from './support/authority-cases.ts';
import { codexWire } from './support/codex-wire.ts';
import { type Script, startModelServer } from './support/model-server.ts';
import { configureCodex, runCodex } from './support/run-codex.ts';
import type { Scratch } from './support/scratch.ts';
import { stopgate } from './support/stopgate.ts';

/** The model's turns, how often it was reminded, and what became of the hook. */
async function session(place: Scratch, script: Script) {
  const model = await startModelServer(codexWire, script);
  configureCodex(place, model.url);
  const { stdout, stderr, exitCode } = await runCodex(place, 'Please add a greeting');
  expect([exitCode, stdout]).toEqual([0, GOES_ON]);
  expect(stderr).not.toMatch(/stop failed|hook failed/i);
  return {
    turns: model.turns.length,
    reminded: model.turns.at(-1)?.said.filter((text) => REMINDER.test(text)).length,
    hooks: [...stderr.matchAll(/^hook: Stop (\w+)/gm)].map(([, what]) => what),
  };
}

authorityCases({
  host: 'codex',
  install: (place) => stopgate(place, 'install', '--host', 'codex', '--scope', 'user'),
  session,
  free: { turns: 1, reminded: 0, hooks: ['Completed'] },
  held: { turns: 2, reminded: 1, hooks: ['Blocked', 'Completed'] },
});
