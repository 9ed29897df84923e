// @module-tag smoke
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type AgentProcess, mayBeAlive } from '../../src/owner/process.ts';
import { claudeWire } from './support/claude-wire.ts';
import { codexWire } from './support/codex-wire.ts';
import { inOrder, startModelServer, type Wire } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { configureCodex, registerCodexStop, runCodex } from './support/run-codex.ts';
import { type Scratch, scratch } from './support/scratch.ts';
import { buildState, gateEvents, installHook, launcher, stateFile } from './support/stopgate.ts';
import { until } from './support/until.ts';

interface Client {
  wire: Wire;
  run(place: Scratch, url: string): Promise<{ exitCode?: number | undefined }>;
}

const CLIENTS: Record<string, Client> = {
  claude: { wire: claudeWire, run: (place, url) => runClaude(place, url, 'Please add a greeting') },
  codex: {
    wire: codexWire,
    run: (place, url) => {
      registerCodexStop(place, launcher('codex'));
      configureCodex(place, url);
      return runCodex(place, 'Please add a greeting');
    },
  },
};

it.each(Object.entries(CLIENTS))(
  '%s may stop while what its build waits for goes on, which outlives the tool call and the client',
  async (_, { wire, run }) => {
    const place = scratch();
    await installHook(place);
    const done = join(place.root, 'done');
    const model = await startModelServer(
      wire,
      inOrder([
        { run: 'stopgate build start "Add a greeting"' },
        { run: `stopgate build wait --until "test -e ${done}" --for 3m` },
        { say: 'I wait for the deployment.' },
      ]),
    );

    const { exitCode } = await run(place, model.url);

    expect(exitCode).toBe(0);
    expect(model.turns).toHaveLength(3);
    expect(gateEvents(place).map(({ verdict, cause }) => [verdict, cause])).toEqual([
      ['approve', 'waiting'],
    ]);
    expect(buildState(place)).toMatchObject({ phase: 'executing', budget: { spent: 0 } });
    const { waits } = JSON.parse(readFileSync(stateFile(place), 'utf8'));
    const [watcher] = waits as [AgentProcess];
    expect(mayBeAlive(watcher)).toBe(true);
    writeFileSync(done, '');
    await until('the watcher to end', () => !mayBeAlive(watcher));
  },
);
