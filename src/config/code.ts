import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../state/atomic.ts';
import { LINE_BYTES, readText } from '../state/read-file.ts';
import { nodeVersion } from './node-path.ts';

/**
 * Has Node keep the hashes that its built-in strings were shipped with, which saves a tenth of its start. The launcher
 * gives it too: V8 takes only code that was compiled with the same options (docs/adr/0005-compiled-code.md).
 */
const QUICK_START = '--no-rehash-snapshot';

/** What compiles the hooks of a version: the package's own program, run by the Node that will run the hooks. */
export interface Compiler {
  readonly program: string;
  readonly node: string;
}

/**
 * Compiles the hooks in `dir`, one version's directory, unless nothing changed since the last time. Code is only a
 * quicker start: where it cannot be made, or the Node is another one by now, hooks run from source (docs/adr/0005-compiled-code.md).
 */
export function compileHooks(dir: string, { program, node }: Compiler, changed: boolean): void {
  const version = nodeVersion(node);
  if (version === null || (!changed && compiledBy(dir) === version)) return;
  try {
    const args = [QUICK_START, program, dir];
    execFileSync(node, args, { cwd: '/', stdio: 'ignore', timeout: 10_000 });
    writeAtomic(versionFile(dir), `${version}\n`);
  } catch {
    removeCode(dir);
  }
}

/** The version of Node that compiled the hooks in `dir`; `null` when they are not compiled. */
export function compiledBy(dir: string): string | null {
  try {
    return readText(versionFile(dir), LINE_BYTES).trim();
  } catch {
    return null;
  }
}

/** Removes all compiled code of a version's directory; nobody's work is in there. */
export function removeCode(dir: string): void {
  rmSync(join(dir, 'code'), { recursive: true, force: true });
}

function versionFile(dir: string): string {
  return join(dir, 'code', 'node-version');
}
