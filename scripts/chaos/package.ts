import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../test/support/scratch.ts';

/** The packed package, installed by npm into a prefix of its own. */
export interface Installed {
  /** Holds everything that this program writes. */
  root: string;
  bin: string;
  cli: string;
  agent: string;
  version: string;
  entries: string[];
  remove(): void;
}

/** Packs what `npm run build` left in dist and installs it as a person would; other users may read it. */
export function installPackage(): Installed {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-chaos-')));
  chmodSync(root, 0o755);
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: root, stdio: 'pipe' });
  npm('pack', '--ignore-scripts', '--pack-destination', root, packageRoot);
  const tarball = readdirSync(root).find((name) => name.endsWith('.tgz')) ?? '';
  const prefix = join(root, 'prefix');
  npm('install', '--global', '--offline', '--prefix', prefix, join(root, tarball));
  const agent = join(root, 'agent.mjs');
  copyFileSync(fileURLToPath(new URL('agent.mjs', import.meta.url)), agent);
  execFileSync('chmod', ['-R', 'a+rX', root]);
  const bin = join(prefix, 'bin');
  const cli = realpathSync(join(bin, 'stopgate'));
  return {
    root,
    bin,
    cli,
    agent,
    version: execFileSync(process.execPath, [cli, '--version'], { encoding: 'utf8' }).trim(),
    entries: entriesIn(join(cli, '../hooks')),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** What the router starts or loads, and no host calls. */
const INNER = ['shutdown-closer', 'authority'];

/** The entries that a host may call. */
function entriesIn(dir: string): string[] {
  return readdirSync(dir)
    .map((name) => name.replace(/\.cjs$/, ''))
    .filter((name) => !INNER.includes(name))
    .sort();
}
