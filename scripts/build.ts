import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import pkg from '../package.json' with { type: 'json' };

/** Bundles `src/cli.ts` and every `hooks/*.ts`: what is published needs no dependency at run time. */

const root = fileURLToPath(new URL('..', import.meta.url));

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  define: { STOPGATE_VERSION: JSON.stringify(pkg.version) },
};

rmSync(`${root}dist`, { recursive: true, force: true });

await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  outfile: 'dist/cli.js',
  format: 'esm',
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
});
chmodSync(`${root}dist/cli.js`, 0o755);

await build({
  ...common,
  entryPoints: readdirSync(`${root}hooks`).map((file) => `hooks/${basename(file)}`),
  outdir: 'dist/hooks',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minify: true,
});
