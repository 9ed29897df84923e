import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import pkg from '../package.json' with { type: 'json' };

/** Bundles `src/cli.ts`, a chunk per command, and every `hooks/*.ts`: what is published needs no dependency at run time. */

const root = fileURLToPath(new URL('..', import.meta.url));

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  define: { STOPGATE_VERSION: JSON.stringify(pkg.version) },
};

/** What bundled CommonJS packages expect to find in an ES module. */
const COMMONJS_NAMES = [
  "import { createRequire as cjsRequire } from 'node:module';",
  "import { fileURLToPath as cjsPath } from 'node:url';",
  'const require = cjsRequire(import.meta.url);',
  'const __filename = cjsPath(import.meta.url);',
].join('\n');

rmSync(`${root}dist`, { recursive: true, force: true });

await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  chunkNames: 'cli/[name]-[hash]',
  format: 'esm',
  splitting: true,
  mainFields: ['module', 'main'],
  banner: { js: `#!/usr/bin/env node\n${COMMONJS_NAMES}` },
});
chmodSync(`${root}dist/cli.js`, 0o755);

await build({
  ...common,
  entryPoints: { boot: 'src/boot/run.ts', compile: 'src/boot/compile.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
});

await build({
  ...common,
  // Compiled apart from its file (src/boot/run.ts), a bundle has nobody to import for it.
  supported: { 'dynamic-import': false },
  entryPoints: readdirSync(`${root}hooks`).map((file) => `hooks/${basename(file)}`),
  outdir: 'dist/hooks',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minify: true,
});
