import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ran {
  stdout: string;
  code: number | null;
  signal: string | null;
  ms: number;
}

export interface Program {
  dir: string;
  /** Where the program keeps its state. */
  state: string;
  /** `stdin` is written as given; `open` leaves it open afterwards, as a host that never ends it. */
  run(stdin: (string | Buffer)[], options?: RunOptions): Promise<Ran>;
  remove(): void;
}

export interface RunOptions {
  args?: string[];
  env?: Record<string, string>;
  open?: boolean;
  /** Milliseconds between the parts of stdin. */
  gap?: number;
}

/** Bundles one hook as the package does, to run it as a host would, in a home of its own. */
export function hookProgram(entry: string): Program {
  const dir = mkdtempSync(join(tmpdir(), 'stopgate-hook-'));
  const outfile = join(dir, `${entry}.cjs`);
  const state = join(dir, 'state');
  buildSync({
    entryPoints: [join(ROOT, 'hooks', `${entry}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    outfile,
    logLevel: 'error',
  });
  return {
    dir,
    state,
    remove: () => rmSync(dir, { recursive: true, force: true }),
    async run(stdin, { args = [], env = {}, open = false, gap = 0 } = {}) {
      const began = performance.now();
      const child = spawn(process.execPath, [outfile, ...args], {
        cwd: dir,
        env: { PATH: process.env.PATH, HOME: dir, STOPGATE_STATE_DIR: state, ...env },
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stdin.on('error', () => {});
      const closed = once(child, 'close');
      for (const part of stdin) {
        child.stdin.write(part);
        if (gap > 0) await new Promise((done) => setTimeout(done, gap));
      }
      if (!open) child.stdin.end();
      const [code, signal] = await closed;
      child.stdin.destroy();
      return { stdout, code, signal, ms: performance.now() - began };
    },
  };
}
