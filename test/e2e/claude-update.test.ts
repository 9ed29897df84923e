// @module-tag smoke
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { NEXT_VERSION, nextVersion } from '../support/next-version.ts';
import { openClaude, turnEnded } from './support/claude-tui.ts';
import { claudeWire } from './support/claude-wire.ts';
import { fired, logging } from './support/codex-trusted.ts';
import { type Answer, startModelServer, type Turn } from './support/model-server.ts';
import { claudeEnv, configureClaude } from './support/run-claude.ts';
import { scratch } from './support/scratch.ts';
import { gateEvents, stopgate } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';

it('goes on in one open session through install, an update and uninstall, and a hook of a person runs on', async () => {
  const place = scratch();
  const settings = join(place.claudeConfig, 'settings.json');
  writeFileSync(settings, JSON.stringify({ hooks: { Stop: [logging('mine')] } }, null, '\t'));
  const before = readFileSync(settings, 'utf8');
  configureClaude(place);
  const model = await startModelServer(claudeWire, answer);
  const pane = await openClaude(privateTmux(place, claudeEnv(model.url)), 'work');
  const blocks = () => gateEvents(place).filter(({ verdict }) => verdict === 'block').length;

  await stopgate(place, 'install');
  await pane.enter('First, please');
  await turnEnded(pane, 'First is done.');
  expect([fired(place), blocks()]).toEqual([{ mine: 2 }, 1]);

  const installed = readFileSync(settings, 'utf8');
  const next = nextVersion(place.root);
  const { stdout } = await execa(process.execPath, [next, 'migrate'], {
    cwd: place.project,
    env: place.env,
    extendEnv: false,
  });
  expect(stdout).toContain(NEXT_VERSION);
  expect(readFileSync(settings, 'utf8')).toBe(installed);
  await pane.enter('Second, please');
  await turnEnded(pane, 'Second is done.');
  expect([fired(place), blocks()]).toEqual([{ mine: 4 }, 2]);

  await stopgate(place, 'uninstall');
  expect(readFileSync(settings, 'utf8')).toBe(before);
  await pane.enter('Third, please');
  await turnEnded(pane, 'Third would rather stop.');
  expect([fired(place), blocks()]).toEqual([{ mine: 5 }, 2]);
  expect(await pane.screen()).not.toMatch(/hook failed|not found/i);
});

/** Starts a build for each prompt, stops early, and completes it when it is held. */
function answer({ said, results }: Turn): Answer {
  const prompts = said.filter((text) => / please$/.test(text));
  const word = prompts.at(-1)?.split(',')[0];
  const done = 2 * (prompts.length - 1);
  if (results.length === done) return { run: 'stopgate build start "Add a greeting"' };
  if (results.length === done + 2) return { say: `${word} is done.` };
  const isHeld = said.at(-1)?.startsWith('Stop hook feedback:');
  return isHeld ? { run: 'stopgate build complete' } : { say: `${word} would rather stop.` };
}
