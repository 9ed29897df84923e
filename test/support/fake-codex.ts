import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scratch } from './scratch.ts';

const player = fileURLToPath(new URL('../hosts/fake-codex.mjs', import.meta.url));

/** Puts a `codex` that only knows hooks and trust on PATH; returns the environment in which it is found. */
export function fakeCodex(place: Scratch): Record<string, string> {
  const bin = join(place.root, 'codex-bin');
  mkdirSync(bin);
  copyFileSync(player, join(bin, 'codex'));
  chmodSync(join(bin, 'codex'), 0o755);
  writeFileSync(join(bin, 'package.json'), '{"type":"module"}');
  const path = `${bin}${delimiter}${place.env.PATH}`;
  return { PATH: path, CODEX_HOME: join(place.home, '.codex') };
}
