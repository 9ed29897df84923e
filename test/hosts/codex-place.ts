import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { isOurCommand } from '../../src/config/recognise.ts';
import type { TrustPlace } from '../../src/hosts/codex/trust.ts';
import { registered } from '../support/installed-tree.ts';

const player = fileURLToPath(new URL('./fake-codex.mjs', import.meta.url));

export interface CodexPlace extends TrustPlace {
  readonly home: string;
  readonly trustFile: string;
  /** Writes hooks.json with one group for each command, in this order. */
  register(commands: Readonly<Record<string, readonly string[]>>): void;
}

/** A Codex home of its own with a played `codex` on PATH, gone after the test. */
export function codexPlace(mood = ''): CodexPlace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sg codex é-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, '.codex');
  const bin = join(root, 'bin');
  for (const dir of [home, bin]) mkdirSync(dir);
  copyFileSync(player, join(bin, 'codex'));
  chmodSync(join(bin, 'codex'), 0o755);
  // The name has no ending there, so Node is to be told that it is a module.
  writeFileSync(join(bin, 'package.json'), '{"type":"module"}');
  const hooksFile = join(home, 'hooks.json');
  const path = [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  return {
    home,
    hooksFile,
    trustFile: join(home, 'trust.json'),
    cwd: root,
    isOurs: isOurCommand,
    env: { PATH: path, HOME: root, CODEX_HOME: home, FAKE_CODEX: mood },
    register(commands) {
      const groups = Object.entries(commands).map(([event, list]) => [
        event,
        list.map((command) => ({ hooks: [{ type: 'command', command, timeout: 5 }] })),
      ]);
      writeFileSync(hooksFile, JSON.stringify({ hooks: Object.fromEntries(groups) }));
    },
  };
}

export const OURS = registered('stop-gate-router', 'codex');
