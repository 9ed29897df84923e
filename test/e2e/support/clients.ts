import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(new URL('../package.json', import.meta.url));

/** The pinned Claude Code, found without relying on its install script having run. */
export const claude = claudeBinary();

/** The pinned Codex, through the same Node wrapper that people run. */
export const codex = fileURLToPath(new URL('../node_modules/.bin/codex', import.meta.url));

/** The pinned GitHub Copilot CLI, the same way. */
export const copilot = fileURLToPath(new URL('../node_modules/.bin/copilot', import.meta.url));

function claudeBinary(): string {
  const here = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
  for (const name of [here, `${here}-musl`]) {
    const binary = binaryOf(name);
    if (binary) return binary;
  }
  throw new Error(`expected ${here} below test/e2e/node_modules: run npm run test:e2e once`);
}

function binaryOf(name: string): string | undefined {
  try {
    const binary = join(dirname(require.resolve(`${name}/package.json`)), 'claude');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
