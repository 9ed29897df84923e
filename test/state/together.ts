import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/**
 * Runs `code` in `count` processes at the same moment, with everything that `module` (below src/) exports and its own
 * `index` in scope. Every process must end well.
 */
export async function together(count: number, module: string, code: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'stopgate-together-'));
  try {
    const outfile = bundleCode(dir, module, code);
    const startAt = String(Date.now() + 300 + count * 20);
    const runs = Array.from({ length: count }, async (_, index) => {
      const child = spawn(process.execPath, [outfile, String(index), startAt], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
      });
      const [status] = await once(child, 'close');
      if (status !== 0) throw new Error(`process ${index} ended with ${status}: ${errors}`);
    });
    await Promise.all(runs);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Runs `code` as {@link together} does, in one process that starts now; `dir` holds its program. */
export function alone(dir: string, module: string, code: string): ChildProcess & { pid: number } {
  const outfile = bundleCode(dir, module, code);
  const child = spawn(process.execPath, [outfile, '0', '0'], { stdio: 'ignore' });
  return child as ChildProcess & { pid: number };
}

/** Bundles `code` into one program in `dir`, and returns its path. */
export function bundleCode(dir: string, module: string, code: string): string {
  const outfile = join(dir, 'run.cjs');
  buildSync({
    stdin: { contents: script(module, code), resolveDir: SRC, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

function script(module: string, code: string): string {
  return `import * as all from './${module}';
    Object.assign(globalThis, all);
    const index = Number(process.argv[2]);
    while (Date.now() < Number(process.argv[3])) {}
    eval(${JSON.stringify(code)});`;
}
