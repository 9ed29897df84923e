import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, vi } from 'vitest';
import { isOurCommand } from '../../src/config/recognise.ts';
import { keepTrust } from '../../src/hosts/codex/keep-trust.ts';
import { codex } from './support/clients.ts';
import { trustCodexHooks } from './support/codex-trust.ts';
import { codexWire } from './support/codex-wire.ts';
import { type Answer, inOrder, startModelServer } from './support/model-server.ts';
import { configureCodex } from './support/run-codex.ts';
import { type Scratch, scratch } from './support/scratch.ts';

it('is trusted by --trust alone, beside the hooks of a person, which stay trusted', async () => {
  const place = codexScratch();
  const hooksFile = join(place.codexHome, 'hooks.json');
  const person = { description: 'mine', hooks: { Stop: [logging('first')] } };
  writeFileSync(hooksFile, JSON.stringify(person, null, 2));
  configureCodex(place, 'http://127.0.0.1:9');
  await trustCodexHooks(place);

  await stopgate(place, 'install', '--host', 'codex', '--trust');
  const held = await runCodex(place, [
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
  const trustPlace = { env: place.env, cwd: place.project, hooksFile, isOurs: isOurCommand };
  await keepTrust(trustPlace, () => stopgate(place, 'uninstall', '--host', 'codex'));

  const free = await runCodex(place, [{ say: 'Done.' }]);
  expect(stopHooks(free)).toEqual(['Completed', 'Completed']);
  expect(fired(place)).toEqual({ first: 3, second: 1 });
  expect(free).not.toContain('stopgate');
  expect(readFileSync(hooksFile, 'utf8')).not.toContain('stopgate');
  expect(readFileSync(join(place.codexHome, 'config.toml'), 'utf8')).not.toContain(':stop:2:');
});

it('skips hooks that nobody trusted, and says nothing', async () => {
  const place = codexScratch();
  configureCodex(place, 'http://127.0.0.1:9');
  const { stdout } = await stopgate(place, 'install', '--host', 'codex');
  expect(stdout).toContain('/hooks');

  const output = await runCodex(place, [
    { run: 'stopgate build start "Add a greeting"' },
    { say: 'I would rather stop here.' },
  ]);

  expect(stopHooks(output)).toEqual([]);
});

it('keeps the state of a build from inside the sandbox, by the rule that install adds', async () => {
  // The sandbox lets commands write below /tmp and TMPDIR, where a scratch usually is.
  vi.stubEnv('TMPDIR', '/var/tmp');
  const place = codexScratch();
  vi.unstubAllEnvs();
  place.env.TMPDIR = '/tmp';
  configureCodex(place, 'http://127.0.0.1:9');
  const answers: Answer[] = [
    { run: 'cd . && stopgate build start x' },
    { run: 'stopgate build start x' },
    { say: 'Started.' },
  ];
  const sandboxed = ['-s', 'workspace-write'];

  await runCodex(place, answers, sandboxed);
  expect(builds(place)).toEqual([]);

  await stopgate(place, 'install', '--host', 'codex', '--trust');
  await runCodex(place, answers.slice(0, 1).concat({ say: 'Not started.' }), sandboxed);
  expect(builds(place)).toEqual([]);
  await runCodex(place, answers, sandboxed);
  expect(builds(place)).toHaveLength(1);
});

function codexScratch(): Scratch {
  const place = scratch();
  symlinkSync(codex, join(place.home, 'bin', 'codex'));
  return place;
}

function stopgate(place: Scratch, ...args: string[]) {
  return execa('stopgate', args, {
    cwd: place.project,
    env: place.env,
    extendEnv: false,
    timeout: 30_000,
  });
}

/** What one real `codex exec` session shows, without any flag that bypasses trust. */
async function runCodex(
  place: Scratch,
  answers: Answer[],
  sandbox = ['--dangerously-bypass-approvals-and-sandbox'],
): Promise<string> {
  const model = await startModelServer(codexWire, inOrder(answers as [Answer, ...Answer[]]));
  const provider = `model_providers.fake.base_url="${model.url}/v1"`;
  const args = [
    'exec',
    '--skip-git-repo-check',
    '-c',
    provider,
    ...sandbox,
    'Please add a greeting',
  ];
  const { all } = await execa(codex, args, {
    cwd: place.project,
    env: { ...place.env, FAKE_KEY: 'dummy' },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  });
  return all;
}

const logging = (name: string) => ({
  hooks: [{ type: 'command', command: `echo >> "$HOME/${name}.fired"`, timeout: 5 }],
});

/** How often each hook of the person has run. */
function fired(place: Scratch): Record<string, number> {
  const logs = readdirSync(place.home).filter((name) => name.endsWith('.fired'));
  return Object.fromEntries(
    logs.map((name) => [
      name.replace('.fired', ''),
      readFileSync(join(place.home, name), 'utf8').length,
    ]),
  );
}

function stopHooks(output: string): string[] {
  return [...output.matchAll(/^hook: Stop (\w+)/gm)].map(([, word]) => word ?? '').sort();
}

function builds(place: Scratch): string[] {
  const dir = join(place.state, 'builds');
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.json')) : [];
}
