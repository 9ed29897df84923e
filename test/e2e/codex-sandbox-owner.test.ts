// @module-tag smoke
import { mkdtempSync, rmSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { readProcess } from '../../src/owner/process.ts';
import { codexScratch, runTrusted, stopHooks } from './support/codex-trusted.ts';
import { type Answer, inOrder } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import { buildState, stopgate } from './support/stopgate.ts';

it('a build that was started inside the sandbox names no process of it, and keeps its owner', async () => {
  // The sandbox lets commands write below /tmp, where a scratch usually is.
  vi.stubEnv('TMPDIR', '/var/tmp');
  const place = codexScratch();
  vi.unstubAllEnvs();
  place.env.TMPDIR = '/tmp';
  place.state = mkdtempSync('/tmp/sg-e2e-state-');
  onTestFinished(() => rmSync(place.state, { recursive: true, force: true }));
  place.env.STOPGATE_STATE_DIR = place.state;
  configureCodex(place, 'http://127.0.0.1:9');
  await stopgate(place, 'install', '--host', 'codex', '--trust');
  const owners: object[] = [];
  const answers: [Answer, ...Answer[]] = [
    // The rule of install lets a plain command out of the sandbox, and no compound one.
    { run: 'cd . && stopgate build start "Add a greeting"' },
    { say: 'I would rather stop here.' },
    { run: 'cd . && stopgate build complete' },
    { say: 'Finished.' },
  ];
  const next = inOrder(answers);

  const { shown } = await runTrusted(
    place,
    (turn) => {
      if (turn.results.length > 0) {
        const { owner } = buildState(place);
        const agent = owner.agent as { pid: number; start: string } | null;
        const found = agent && readProcess(agent.pid);
        owners.push({
          ...owner,
          agent: found && { is: found.name, same: found.start === agent.start },
        });
      }
      return next(turn);
    },
    ['-s', 'workspace-write'],
  );

  expect(stopHooks(shown)).toEqual(['Blocked', 'Completed']);
  expect(buildState(place)).toMatchObject({ phase: 'complete', budget: { spent: 1 } });
  expect(owners[0], 'stamped inside').toMatchObject({ agent: null, pane: null });
  expect(owners[1], 'after a hook outside').toMatchObject({ agent: { is: 'codex', same: true } });
});
