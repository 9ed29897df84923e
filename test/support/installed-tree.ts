import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileHooks } from '../../src/config/code.ts';
import { guarded } from '../../src/config/guard.ts';
import { packageRoot, type Scratch } from './scratch.ts';

/** The command string that install registers in a default home. */
export function registered(entry = 'stop-gate-router', host = 'claude'): string {
  return `${guarded(LAUNCHER)} ${entry} --host ${host}`;
}

/** The command string that 0.1 registered. */
export function registeredBefore(entry = 'stop-gate-router', host = 'claude'): string {
  return `${LAUNCHER} ${entry} --host ${host}`;
}

const LAUNCHER = '"$HOME/.local/share/stopgate/bin/stopgate-hook"';

/**
 * Puts launcher, bundles and the recorded Node where `stopgate install` puts them; returns the launcher's path. The
 * hooks run from source until {@link compile} is called.
 */
export function placeLauncher({ data }: Scratch, node = process.execPath): string {
  const launcher = join(data, 'bin/stopgate-hook');
  mkdirSync(join(data, 'bin'), { recursive: true });
  cpSync(join(packageRoot, 'templates/launcher.sh'), launcher);
  chmodSync(launcher, 0o755);
  cpSync(join(packageRoot, 'dist/hooks'), join(data, 'versions/test/hooks'), { recursive: true });
  cpSync(join(packageRoot, 'dist/boot.cjs'), join(data, 'versions/test/boot.cjs'));
  symlinkSync('versions/test', join(data, 'current'));
  writeFileSync(join(data, 'node'), `${node}\n`);
  return launcher;
}

/** Compiles the hooks as `stopgate install` does. */
export function compile({ data }: Scratch, node = process.execPath): void {
  const compiler = { program: join(packageRoot, 'dist/compile.cjs'), node };
  compileHooks(join(data, 'versions/test'), compiler, true);
}
