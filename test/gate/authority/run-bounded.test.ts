import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { livenessOf, readProcess } from '../../../src/owner/process.ts';
import { makeScratch, packageRoot } from '../../support/scratch.ts';
import { until } from '../../support/until.ts';

it('ends what still runs when its process exits before', async () => {
  const place = makeScratch();
  onTestFinished(() => place.remove());
  const pidFile = join(place.root, 'pid');
  const outfile = join(place.root, 'starter.cjs');
  await build({
    stdin: {
      contents: `
        import { existsSync } from 'node:fs';
        import { runBounded } from './src/gate/authority/run-bounded.ts';
        const bounds = { cwd: '/', env: process.env, timeoutMs: 60_000, maxBytes: 10 };
        runBounded('sh', ['-c', 'echo $$ >"$0"; exec sleep 600', '${pidFile}'], bounds);
        setInterval(() => existsSync('${pidFile}') && process.exit(0), 10);
      `,
      resolveDir: packageRoot,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  expect(spawnSync(process.execPath, [outfile], { timeout: 30_000 }).status).toBe(0);
  const pid = Number(await until('the pid', () => readFileSync(pidFile, 'utf8').trim()));
  const started = readProcess(pid);
  await until('the program to be gone', () => !started || livenessOf(started) === 'dead');
});
