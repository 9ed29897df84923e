import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { NEXT_VERSION, nextVersion } from '../support/next-version.ts';
import { codex } from './support/clients.ts';
import { trustCodexHooks } from './support/codex-trust.ts';
import { codexScratch, fired, logging, runTrusted, stopHooks } from './support/codex-trusted.ts';
import { openCodex, turnEnded } from './support/codex-tui.ts';
import { codexWire } from './support/codex-wire.ts';
import { startModelServer } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import type { Scratch } from './support/scratch.ts';
import { gateEvents, stopgate } from './support/stopgate.ts';
import { privateTmux } from './support/tmux.ts';
import { until } from './support/until.ts';

const HELD = [
  { run: 'stopgate build start "Add a greeting"' },
  { say: 'I would rather stop here.' },
  { run: 'stopgate build complete' },
  { say: 'The greeting is there.' },
];

it('asks nothing after install --trust, after an update and after uninstall, and a hook of a person runs on', async () => {
  const place = codexScratch();
  const hooksFile = join(place.codexHome, 'hooks.json');
  writeFileSync(hooksFile, JSON.stringify({ hooks: { Stop: [logging('mine')] } }, null, '\t'));
  const before = readFileSync(hooksFile, 'utf8');
  configureCodex(place, 'http://127.0.0.1:9');
  await trustCodexHooks(place);
  const trusted = trustOf(place);

  await stopgate(place, 'install', '--host', 'codex', '--trust');
  const installed = readFileSync(hooksFile, 'utf8');
  expect(stopHooks((await runTrusted(place, HELD)).shown)).toHaveLength(4);
  expect([fired(place), blocks(place)]).toEqual([{ mine: 2 }, 1]);
  await opensWithoutAQuestion(place);

  const next = nextVersion(place.root);
  const migrated = await execa(process.execPath, [next, 'migrate'], {
    env: place.env,
    cwd: place.project,
  });
  expect(migrated.stdout).toContain(NEXT_VERSION);
  expect(readFileSync(hooksFile, 'utf8')).toBe(installed);
  expect(stopHooks((await runTrusted(place, HELD)).shown)).toHaveLength(4);
  expect([fired(place), blocks(place)]).toEqual([{ mine: 4 }, 2]);
  await opensWithoutAQuestion(place);

  await stopgate(place, 'uninstall');
  expect(readFileSync(hooksFile, 'utf8')).toBe(before);
  const { shown } = await runTrusted(place, [{ say: 'Done.' }]);
  expect(shown).not.toContain('stopgate');
  expect([fired(place), blocks(place)]).toEqual([{ mine: 5 }, 2]);
  expect(trustOf(place)).toEqual(trusted);
  await opensWithoutAQuestion(place);
});

it('troubles no session that is open during an uninstall, and leaves nothing once it has ended', async () => {
  const place = codexScratch();
  let answers = 0;
  const model = await startModelServer(codexWire, () => ({ say: `Answer ${++answers}.` }));
  configureCodex(place, model.url);
  await stopgate(place, 'install', '--host', 'codex', '--trust');
  const pane = await openCodex(privateTmux(place, { FAKE_KEY: 'dummy' }), 'work', '--no-daemon');
  await pane.enter('First, please');
  await turnEnded(pane, 'Answer 1.');

  const launcherPath = join(place.home, '.local/share/stopgate/bin/stopgate-hook');
  expect(await stopgate(place, 'uninstall', '--purge')).toContain(
    `kept  ${launcherPath}: sessions`,
  );
  await pane.enter('Second, please');
  await turnEnded(pane, 'Answer 2.');
  expect(await pane.screen()).not.toMatch(/hook failed/i);
  expect(existsSync(place.state)).toBe(false);

  await pane.enter('/quit');
  expect(await stopgate(place, 'uninstall')).toContain(`removed  ${launcherPath}`);
  expect(existsSync(join(place.home, '.local/share/stopgate'))).toBe(false);
});

it('asks about hooks that were installed without --trust, which shows that the test above would see a question', async () => {
  const place = codexScratch();
  configureCodex(place, 'http://127.0.0.1:9');
  await stopgate(place, 'install', '--host', 'codex');
  const pane = await privateTmux(place, { FAKE_KEY: 'dummy' }).open('work', codex, '--no-daemon');
  await until('the question', async () => (await pane.screen()).includes('Hooks need review'));
});

/** Codex asks in its first screen; one that takes a prompt at once has asked nothing. */
async function opensWithoutAQuestion(place: Scratch): Promise<void> {
  const pane = await openCodex(privateTmux(place, { FAKE_KEY: 'dummy' }), 'work', '--no-daemon');
  expect(await pane.screen()).not.toContain('Hooks need review');
}

/** Every hook that Codex keeps something about, and what. */
function trustOf(place: Scratch): string[] {
  const config = readFileSync(join(place.codexHome, 'config.toml'), 'utf8');
  return config.match(/^\[hooks\.state\.".*\n.*$/gm) ?? [];
}

function blocks(place: Scratch): number {
  return gateEvents(place).filter(({ verdict }) => verdict === 'block').length;
}
