// @module-tag smoke
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { notices } from './support/claude-stream.ts';
import { claudeWire } from './support/claude-wire.ts';
import { claude } from './support/clients.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook, launcher } from './support/stopgate.ts';

it('judges each stop once when settings, build-stop in settings and a plugin call us', async () => {
  const place = scratch();
  await installHook(place);
  addBuildStop(place);
  await installPlugin(place);
  const model = await startModelServer(
    claudeWire,
    inOrder([{ run: 'stopgate build start "Add a greeting" --size small' }, { say: 'No.' }]),
  );

  const { stdout, exitCode } = await runClaude(place, model.url, 'Please add a greeting');

  expect(exitCode).toBe(0);
  expect(callers(place)).toEqual({ stops: 12, registrations: 3 });
  expect(gateEvents(place).map(({ verdict, cause }) => `${verdict}: ${cause}`)).toEqual([
    'block: unfinished',
    'block: unfinished',
    'block: unfinished',
    'approve: capped',
  ]);
  expect(buildState(place).budget).toMatchObject({ limit: 3, spent: 3 });
  const feedback = model.turns.at(-1)?.said.filter((text) => text.includes('is not finished'));
  expect(feedback).toHaveLength(3);
  expect(notices(stdout)).toHaveLength(1);
});

/** The build gate alone, beside the router that install registered. */
function addBuildStop({ claudeConfig }: Scratch): void {
  const file = join(claudeConfig, 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  const [{ hooks }] = settings.hooks.Stop;
  const command = hooks[0].command.replace('stop-gate-router', 'build-stop');
  settings.hooks.Stop.push({ hooks: [{ type: 'command', command }] });
  writeFileSync(file, JSON.stringify(settings));
}

/** A plugin that registers the launcher by another string, from a marketplace that is a folder. */
async function installPlugin(place: Scratch): Promise<void> {
  const market = join(place.root, 'market');
  const command = `exec ${launcher('claude')}`;
  const plugin = { name: 'held', source: './held', description: 'Stop hooks' };
  const files = {
    '.claude-plugin/marketplace.json': {
      name: 'local',
      owner: { name: 'a person' },
      plugins: [plugin],
    },
    'held/.claude-plugin/plugin.json': { name: 'held', version: '1.0.0' },
    'held/hooks/hooks.json': {
      hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] },
    },
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(market, name)), { recursive: true });
    writeFileSync(join(market, name), JSON.stringify(content));
  }
  const run = (...args: string[]) =>
    execa(claude, ['plugin', ...args], {
      cwd: place.project,
      env: { ...place.env, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
      extendEnv: false,
      stdin: 'ignore',
      timeout: 60_000,
    });
  await run('marketplace', 'add', market);
  await run('install', 'held@local');
}

/** How often our hooks were called at a stop, and by how many registrations. */
function callers({ state }: Scratch): { stops: number; registrations: number } {
  const dir = join(state, 'runtime/calls');
  const [file = ''] = readdirSync(dir).filter((name) => name.endsWith('-Stop.jsonl'));
  const lines = readFileSync(join(dir, file), 'utf8').trim().split(/\n+/);
  const all = lines.map((line) => JSON.parse(line).by);
  return { stops: all.length, registrations: new Set(all).size };
}
