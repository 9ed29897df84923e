// @module-tag smoke
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { trustCodexHooks } from './support/codex-trust.ts';
import {
  builds,
  codexScratch,
  fired,
  logging,
  runTrusted,
  stopHooks,
} from './support/codex-trusted.ts';
import type { Answer } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import { stopgate } from './support/stopgate.ts';

it('is trusted by --trust alone, beside the hooks of a person, which stay trusted', async () => {
  const place = codexScratch();
  const hooksFile = join(place.codexHome, 'hooks.json');
  const person = { description: 'mine', hooks: { Stop: [logging('first')] } };
  writeFileSync(hooksFile, JSON.stringify(person, null, 2));
  configureCodex(place, 'http://127.0.0.1:9');
  await trustCodexHooks(place);

  await stopgate(place, 'install', '--host', 'codex', '--trust');
  const { shown: held } = await runTrusted(place, [
    { run: 'stopgate build start "Add a greeting"' },
    { say: 'I would rather stop here.' },
    { run: 'stopgate build complete' },
    { say: 'The greeting is there.' },
  ]);
  expect(stopHooks(held)).toEqual(['Blocked', 'Completed', 'Completed', 'Completed']);
  expect(fired(place)).toEqual({ first: 2 });
  expect(held).not.toMatch(/failed/i);

  const registered = JSON.parse(readFileSync(hooksFile, 'utf8'));
  registered.hooks.Stop.push(logging('second'));
  writeFileSync(hooksFile, JSON.stringify(registered));
  await trustCodexHooks(place);
  await stopgate(place, 'uninstall', '--host', 'codex');

  const { shown: free } = await runTrusted(place, [{ say: 'Done.' }]);
  expect(stopHooks(free)).toEqual(['Completed', 'Completed']);
  expect(fired(place)).toEqual({ first: 3, second: 1 });
  expect(free).not.toContain('stopgate');
  expect(readFileSync(hooksFile, 'utf8')).not.toContain('stopgate');
  expect(readFileSync(join(place.codexHome, 'config.toml'), 'utf8')).not.toContain(':stop:2:');
});

it('skips hooks that nobody trusted, and says nothing', async () => {
  const place = codexScratch();
  configureCodex(place, 'http://127.0.0.1:9');
  expect(await stopgate(place, 'install', '--host', 'codex')).toContain('/hooks');

  const { shown } = await runTrusted(place, [
    { run: 'stopgate build start "Add a greeting"' },
    { say: 'I would rather stop here.' },
  ]);

  expect(stopHooks(shown)).toEqual([]);
});

it('says what to run instead inside the sandbox, and keeps the build by the rule that install --allow adds', async () => {
  // The sandbox lets commands write below /tmp and TMPDIR, where a scratch usually is.
  vi.stubEnv('TMPDIR', '/var/tmp');
  const place = codexScratch();
  vi.unstubAllEnvs();
  place.env.TMPDIR = '/tmp';
  configureCodex(place, 'http://127.0.0.1:9');
  const work = async (run: string): Promise<string> => {
    const answers: Answer[] = [{ run }, { say: 'I tried.' }];
    const { model } = await runTrusted(place, answers, ['-s', 'workspace-write']);
    return model.turns[1]?.results[0] ?? '';
  };

  const without = await work('stopgate build start "Add a greeting"');
  expect(without).toContain('exited with code 1');
  expect(without).toContain(`Cannot write ${place.state}`);
  expect(without).toContain('outside of Codex, once: stopgate install --host codex --allow');
  expect(without).toContain("then, in a new session: stopgate build start 'Add a greeting'");
  expect(builds(place)).toEqual([]);

  await stopgate(place, 'install', '--host', 'codex', '--trust', '--allow');
  const compound = await work('cd . && stopgate build start "Add a greeting"');
  expect(compound).toContain('exited with code 1');
  expect(compound).toContain("a command of its own: stopgate build start 'Add a greeting'");
  expect(builds(place)).toEqual([]);

  expect(await work('stopgate build start "Add a greeting"')).toContain('exited with code 0');
  expect(builds(place)).toHaveLength(1);
});
