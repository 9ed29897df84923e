import { lstatSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '../errors.ts';
import { sha256 } from './backup.ts';
import {
  type InstalledFile,
  isCurrentVersion,
  launcherFiles,
  outdatedFiles,
  placeFiles,
  switchVersion,
} from './launcher.ts';
import { type Manifest, readManifest, updateManifest } from './manifest.ts';
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
}

/** The tree that a site's command runs: the person's own, or the project's vendored one. */
export function treeFor(site: Site, place: Place, release: Release): Tree {
  const { packageRoot, version, node } = release;
  const files = launcherFiles(packageRoot, version, node);
  if (!isVendored(site)) return { root: place.data, files, version };
  const vendored = files
    .filter(({ path }) => path !== 'node')
    .map((file) => ({ ...file, path: file.path.replace(join('versions', version), 'current') }));
  return { root: vendorDir(place.project), files: vendored, version: null };
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

/** Puts a tree in place and writes down what it holds, so that it can be taken out again. */
export function placeTree(tree: Tree, place: Place): void {
  const { root, files, version } = tree;
  const outdated = outdatedFiles(root, files);
  placeFiles(root, outdated);
  if (version !== null && !isCurrentVersion(root, version)) switchVersion(root, version);
  if (outdated.length === 0) return;
  const hashes = Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)]));
  updateManifest(place.data, place.state, (manifest) => ({
    ...manifest,
    trees: { ...manifest.trees, [root]: { ...manifest.trees[root], ...hashes } },
  }));
}

/** What taking a tree out removed, and what a person had changed and therefore keeps. */
export interface Removal {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

/** The files of a tree that are still as we wrote them, and those that are not; writes nothing. */
export function planRemoval(root: string, place: Place): Removal {
  const hashes = readManifest(place.data).trees[root] ?? {};
  const there = Object.entries(hashes).map(([path, hash]) => {
    const file = join(root, path);
    return { file, found: hashOf(file), hash };
  });
  return {
    removed: there.filter(({ found, hash }) => found === hash).map(({ file }) => file),
    kept: there
      .filter(({ found, hash }) => found !== null && found !== hash)
      .map(({ file }) => file),
  };
}

/** Removes exactly the files of a tree that are as we wrote them, the directories this empties, and its record. */
export function removeTree(root: string, place: Place): Removal {
  const plan = planRemoval(root, place);
  for (const file of plan.removed) rmSync(file);
  if (plan.kept.length === 0) removeLink(join(root, 'current'));
  for (const file of plan.removed) removeEmpty(dirname(file), dirname(root));
  updateManifest(place.data, place.state, (manifest) => ({
    ...manifest,
    trees: without(manifest.trees, root),
  }));
  return plan;
}

function without(trees: Manifest['trees'], root: string): Manifest['trees'] {
  return Object.fromEntries(Object.entries(trees).filter(([key]) => key !== root));
}

function hashOf(path: string): string | null {
  try {
    return sha256(readFileSync(path, 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

function removeLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(path);
}

/** Removes `dir` and its parents up to, but without, `top`, as long as they are empty. */
export function removeEmpty(dir: string, top: string): void {
  if (dir === top || !dir.startsWith(top)) return;
  try {
    rmdirSync(dir);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') return;
  }
  removeEmpty(dirname(dir), top);
}
