import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { codex } from './clients.ts';
import { codexWire } from './codex-wire.ts';
import {
  type Answer,
  inOrder,
  type ModelServer,
  type Script,
  startModelServer,
} from './model-server.ts';
import { type Scratch, scratch } from './scratch.ts';

/** A scratch machine with Codex on PATH, where install finds it. */
export function codexScratch(): Scratch {
  const place = scratch();
  symlinkSync(codex, join(place.home, 'bin', 'codex'));
  return place;
}

/** What one real `codex exec` session shows, without any flag that bypasses trust. */
export async function runTrusted(
  place: Scratch,
  answers: Answer[] | Script,
  sandbox = ['--dangerously-bypass-approvals-and-sandbox'],
): Promise<{ shown: string; model: ModelServer }> {
  const script = Array.isArray(answers) ? inOrder(answers as [Answer, ...Answer[]]) : answers;
  const model = await startModelServer(codexWire, script);
  const provider = `model_providers.fake.base_url="${model.url}/v1"`;
  const flags = ['--skip-git-repo-check', '-c', provider, ...sandbox];
  const { all } = await execa(codex, ['exec', ...flags, 'Please add a greeting'], {
    cwd: place.project,
    env: { ...place.env, FAKE_KEY: 'dummy' },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  });
  return { shown: all, model };
}

/** How each Stop hook of a session ended. */
export function stopHooks(shown: string): string[] {
  return [...shown.matchAll(/^hook: Stop (\w+)/gm)].map(([, word]) => word ?? '').sort();
}

/** A hook of a person that leaves a mark each time it runs. */
export const logging = (name: string) => ({
  hooks: [{ type: 'command', command: `echo >> "$HOME/${name}.fired"`, timeout: 5 }],
});

/** How often each hook of the person has run. */
export function fired(place: Scratch): Record<string, number> {
  const logs = readdirSync(place.home).filter((name) => name.endsWith('.fired'));
  return Object.fromEntries(
    logs.map((name) => [
      name.replace('.fired', ''),
      readFileSync(join(place.home, name), 'utf8').length,
    ]),
  );
}

export function builds(place: Scratch): string[] {
  const dir = join(place.state, 'builds');
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.json')) : [];
}
