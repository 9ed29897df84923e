import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { codex } from './clients.ts';
import { codexWire } from './codex-wire.ts';
import { type Script, startModelServer } from './model-server.ts';
import { type Scratch, scratch } from './scratch.ts';
import { installHook, launcher } from './stopgate.ts';

/** Points Codex at the scripted model and trusts the project, as a person would have. */
export function configureCodex(place: Scratch, url: string): void {
  writeFileSync(
    join(place.codexHome, 'config.toml'),
    `model = "gpt-5"
model_provider = "fake"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.fake]
name = "fake"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "FAKE_KEY"

[projects."${place.project}"]
trust_level = "trusted"
`,
  );
}

/** Registers one Stop hook the way Codex documents it. */
export function registerCodexStop(place: Scratch, command: string): void {
  const group = { hooks: [{ type: 'command', command, timeout: 10 }] };
  writeFileSync(join(place.codexHome, 'hooks.json'), JSON.stringify({ hooks: { Stop: [group] } }));
}

/** A machine on which Codex has our Stop hook and nothing else of ours, and a model to talk to. */
export async function codexWithStop(script: Script) {
  const place = scratch();
  await installHook(place);
  registerCodexStop(place, launcher('codex'));
  const model = await startModelServer(codexWire, script);
  configureCodex(place, model.url);
  return { place, model };
}

/** Runs one real `codex exec` session to its end. */
export function runCodex(place: Scratch, prompt: string) {
  const flags = [
    '--skip-git-repo-check',
    '--dangerously-bypass-approvals-and-sandbox',
    '--dangerously-bypass-hook-trust',
  ];
  return execa(codex, ['exec', ...flags, prompt], {
    cwd: place.project,
    env: { ...place.env, FAKE_KEY: 'dummy' },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  });
}
