import {
  existsSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StopgateError } from '../errors.ts';
import { syncDirectory, writeAtomic } from '../state/atomic.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';

/** A file of the installed tree, by its path below the data directory. */
export interface InstalledFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/**
 * The files that the data directory is to hold, in the order in which they are to appear: bundles, boot, Node, launcher.
 * @throws StopgateError when the package was never built.
 */
export function launcherFiles(root: string, version: string, node: string): InstalledFile[] {
  const hooks = join(root, 'dist', 'hooks');
  const names = existsSync(hooks) ? readdirSync(hooks).filter((name) => name.endsWith('.cjs')) : [];
  if (names.length === 0) {
    throw new StopgateError('not-built', `${hooks} holds no hook bundles.`, {
      hint: 'In a checkout, run `npm run build` first; otherwise install the package again.',
    });
  }
  const bundles = names.sort().map((name) => ({
    path: join('versions', version, 'hooks', name),
    text: readText(join(hooks, name), STATE_BYTES),
    mode: 0o644,
  }));
  const boot = {
    path: join('versions', version, 'boot.cjs'),
    text: readText(join(root, 'dist', 'boot.cjs'), STATE_BYTES),
    mode: 0o644,
  };
  const launcher = readText(join(root, 'templates', 'launcher.sh'), STATE_BYTES);
  return [
    ...bundles,
    boot,
    { path: 'node', text: `${node}\n`, mode: 0o644 },
    { path: LAUNCHER_PATH, text: launcher, mode: 0o755 },
  ];
}

/** The launcher, below the directory of its tree. */
export const LAUNCHER_PATH = join('bin', 'stopgate-hook');

/** Those of the files that are missing below `data`, or differ in content or mode. */
export function outdatedFiles(data: string, files: readonly InstalledFile[]): InstalledFile[] {
  return files.filter(({ path, text, mode }) => {
    const stat = lstatSync(join(data, path), { throwIfNoEntry: false });
    if (!stat?.isFile() || (stat.mode & 0o777) !== mode) return true;
    return readText(join(data, path), STATE_BYTES) !== text;
  });
}

/** Writes files below `data`, each replaced in one step, so that a hook that fires meanwhile runs old or new code. */
export function placeFiles(data: string, files: readonly InstalledFile[]): void {
  for (const { path, text, mode } of files) writeAtomic(join(data, path), text, mode);
}

/** The version that `<data>/current` leads to, or `null`. */
export function installedVersion(data: string): string | null {
  const link = join(data, 'current');
  const stat = lstatSync(link, { throwIfNoEntry: false });
  return stat?.isSymbolicLink() ? basename(readlinkSync(link)) : null;
}

/** True when `<data>/current` already leads to this version. */
export function isCurrentVersion(data: string, version: string): boolean {
  return installedVersion(data) === version;
}

/** Makes `<data>/current` lead to this version in one step. */
export function switchVersion(data: string, version: string): void {
  const fresh = join(data, `current.${process.pid}-${Math.random().toString(36).slice(2)}`);
  try {
    symlinkSync(join('versions', version), fresh);
    renameSync(fresh, join(data, 'current'));
  } finally {
    rmSync(fresh, { force: true });
  }
  syncDirectory(data);
}

/** The root of this package, from its source or from its bundle. */
export function packageRoot(from: string = fileURLToPath(import.meta.url)): string {
  const dir = dirname(from);
  if (existsSync(join(dir, 'templates', 'launcher.sh'))) return dir;
  if (dir !== dirname(dir)) return packageRoot(dir);
  throw new StopgateError('not-packaged', 'templates/launcher.sh is missing from the package.', {
    hint: 'Install the package again.',
  });
}

/** The launcher as sh is to read it: below HOME where it is by default, so that the string is the same everywhere. */
export function launcherWord(data: string, home: string): string {
  const path = join(data, LAUNCHER_PATH);
  if (data === join(home, '.local', 'share', 'stopgate')) {
    return '"$HOME/.local/share/stopgate/bin/stopgate-hook"';
  }
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
