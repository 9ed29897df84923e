import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errnoOf } from '../errors.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';
import { sha256 } from './backup.ts';
import { type Compiler, compileHooks } from './code.ts';
import {
  type InstalledFile,
  isCurrentVersion,
  launcherFiles,
  outdatedFiles,
  placeFiles,
  switchVersion,
} from './launcher.ts';
import { readManifest, updateManifest } from './manifest.ts';
import { type Place, type Site, vendorDir } from './site.ts';

/** What is installed from: a package, its version, and the Node that hooks shall run on. */
export interface Release {
  readonly packageRoot: string;
  readonly version: string;
  readonly node: string;
}

/** A directory of ours with a launcher and bundles in it. */
export interface Tree {
  readonly root: string;
  readonly files: readonly InstalledFile[];
  /** The version that `current` is to lead to; null: `current` is a plain directory. */
  readonly version: string | null;
  /** What compiles the hooks; null where they shall run on any machine. */
  readonly compiler: Compiler | null;
}

/** The tree that a site's command runs: the person's own, or the project's vendored one. */
export function treeFor(site: Site, place: Place, release: Release): Tree {
  const { packageRoot, version, node } = release;
  const files = launcherFiles(packageRoot, version, node);
  const compiler = { program: join(packageRoot, 'dist', 'compile.cjs'), node };
  if (!isVendored(site)) return { root: place.data, files, version, compiler };
  const vendored = files
    .filter(({ path }) => path !== 'node' && basename(path) !== 'boot.cjs')
    .map((file) => ({ ...file, path: file.path.replace(join('versions', version), 'current') }));
  return { root: vendorDir(place.project), files: vendored, version: null, compiler: null };
}

/** Claude Code's project scope is committed: it has to work where nobody installed stopgate. */
export function isVendored({ host, scope }: Pick<Site, 'host' | 'scope'>): boolean {
  return host === 'claude' && scope === 'project';
}

/** The paths below a tree that putting it in place would write. */
export function outdatedPaths({ root, files, version }: Tree): string[] {
  const paths = outdatedFiles(root, files).map(({ path }) => join(root, path));
  if (version !== null && !isCurrentVersion(root, version)) paths.push(join(root, 'current'));
  return paths;
}

/**
 * Puts a tree in place and writes down what it holds, so that it can be taken out again; what is new in it is written
 * down before it is there, for a full disk can end this at any write. A file that was changed after it was installed is
 * kept beside the new one; returns the paths of those copies.
 */
export function placeTree(tree: Tree, place: Place): string[] {
  const { root, files, version, compiler } = tree;
  const outdated = outdatedFiles(root, files);
  const kept = outdated.flatMap((file) => keepEdited(root, file, place));
  const hashes = Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)]));
  record(root, place, (before) => ({ ...hashes, ...before }));
  placeFiles(root, outdated);
  if (version !== null && compiler !== null)
    compileHooks(join(root, 'versions', version), compiler, outdated.length > 0);
  if (version !== null && !isCurrentVersion(root, version)) switchVersion(root, version);
  record(root, place, (before) => ({ ...before, ...hashes }));
  return kept;
}

type Hashes = Readonly<Record<string, string>>;

/** As {@link updateHashes}, where that changes anything. */
function record(root: string, place: Place, edit: (hashes: Hashes) => Hashes): void {
  const before = readManifest(place.data).trees[root] ?? {};
  const differs = Object.entries(edit(before)).some(([path, hash]) => before[path] !== hash);
  if (differs) updateHashes(root, place, edit);
}

function keepEdited(root: string, { path }: InstalledFile, place: Place): string[] {
  const written = readManifest(place.data).trees[root]?.[path];
  const file = join(root, path);
  const found = hashOf(file);
  if (found === null || written === undefined || found === written) return [];
  const beside = `${file}.edited-${found.slice(0, 8)}`;
  copyFileSync(file, beside);
  return [beside];
}

/** Changes what the manifest says of a tree; one of which nothing is left is forgotten. */
export function updateHashes(root: string, place: Place, edit: (hashes: Hashes) => Hashes): void {
  updateManifest(place.data, place.state, (manifest) => {
    const { [root]: before = {}, ...others } = manifest.trees;
    const after = { ...edit(before) };
    const isEmpty = Object.keys(after).length === 0;
    return { ...manifest, trees: isEmpty ? others : { ...others, [root]: after } };
  });
}

/** The hash of a regular file; null where there is none. */
export function hashOf(path: string): string | null {
  try {
    return sha256(readText(path, STATE_BYTES));
  } catch (error) {
    if (NO_FILE.includes(errnoOf(error) ?? '')) return null;
    throw error;
  }
}

const NO_FILE = ['ENOENT', 'ENOTDIR', 'not-a-file'];
