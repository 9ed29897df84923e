import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** A machine of its own for one test: home, project, state, and `stopgate` on PATH. */
export interface Scratch {
  root: string;
  home: string;
  project: string;
  state: string;
  claudeConfig: string;
  codexHome: string;
  env: Record<string, string>;
}

/** Makes one that is gone after the test, sharing nothing with the person who runs it. */
export function scratch(): Scratch {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-e2e-')));
  onTestFinished(() => removeWritten(root));
  const home = join(root, 'home');
  const place = {
    root,
    home,
    project: join(root, 'project'),
    state: join(home, '.local/state/stopgate'),
    claudeConfig: join(home, '.claude'),
    codexHome: join(home, '.codex'),
  };
  for (const dir of [place.project, place.claudeConfig, place.codexHome]) {
    mkdirSync(dir, { recursive: true });
  }
  const bin = pathWithStopgate(home);
  // A login shell rebuilds PATH from /etc/profile; Codex runs its tools in one.
  writeFileSync(join(home, '.profile'), `PATH='${bin}'${delimiter}$PATH\n`);
  return { ...place, env: environment(place, bin) };
}

/** A client that was ended just now may still write its last words: looks again until nothing is left. */
async function removeWritten(root: string): Promise<void> {
  for (let tries = 50; tries > 0; tries -= 1) {
    try {
      return rmSync(root, { recursive: true, force: true });
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  rmSync(root, { recursive: true, force: true });
}

function pathWithStopgate(home: string): string {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(cli, join(bin, 'stopgate'));
  return bin;
}

/** Built from nothing, so that no agent, pane or setting of the caller leaks in. */
function environment(
  { root, home, claudeConfig, codexHome }: Omit<Scratch, 'env'>,
  bin: string,
): Record<string, string> {
  const system = process.env.PATH ?? '/usr/bin:/bin';
  return {
    PATH: [bin, dirname(process.execPath), system].join(delimiter),
    HOME: home,
    TMPDIR: root,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    SHELL: '/bin/bash',
    CLAUDE_CONFIG_DIR: claudeConfig,
    CODEX_HOME: codexHome,
  };
}
