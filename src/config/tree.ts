import { copyFileSync, lstatSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../errors.ts';
import { sha256 } from './backup.ts';
import { type Compiler, compileHooks, removeCode } from './code.ts';
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
 * Puts a tree in place and writes down what it holds, so that it can be taken out again. A file that was changed after
 * it was installed is kept beside the new one; returns the paths of those copies.
 */
export function placeTree(tree: Tree, place: Place): string[] {
  const { root, files, version, compiler } = tree;
  const outdated = outdatedFiles(root, files);
  const kept = outdated.flatMap((file) => keepEdited(root, file, place));
  placeFiles(root, outdated);
  if (version !== null && compiler !== null)
    compileHooks(join(root, 'versions', version), compiler, outdated.length > 0);
  if (version !== null && !isCurrentVersion(root, version)) switchVersion(root, version);
  if (outdated.length === 0) return kept;
  const hashes = Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)]));
  updateHashes(root, place, (before) => ({ ...before, ...hashes }));
  return kept;
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

/** What taking a tree out removed, and what a person had changed and therefore keeps. */
export interface Removal {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

/** Chooses files of a tree by their path below its root. */
export type Choice = (path: string) => boolean;

const EVERY: Choice = () => true;

/** Those of the chosen files that are still as we wrote them, and those that are not; writes nothing. */
export function planRemoval(root: string, place: Place, chosen: Choice = EVERY): Removal {
  const hashes = Object.entries(readManifest(place.data).trees[root] ?? {});
  const there = hashes
    .filter(([path]) => chosen(path))
    .map(([path, hash]) => ({ path, found: hashOf(join(root, path)), hash }));
  const full = ({ path }: { path: string }) => join(root, path);
  return {
    removed: there.filter(({ found, hash }) => found === hash).map(full),
    kept: there.filter(({ found, hash }) => found !== null && found !== hash).map(full),
  };
}

/**
 * Removes exactly those of the chosen files that are as we wrote them, and the directories this empties. What it finds
 * done already, by a run that was cut off, it goes on from.
 */
export function removeFiles(root: string, place: Place, chosen: Choice = EVERY): Removal {
  const plan = planRemoval(root, place, chosen);
  for (const file of plan.removed) rmSync(file, { force: true });
  const recorded = Object.keys(readManifest(place.data).trees[root] ?? {}).filter(chosen);
  for (const path of recorded) {
    const dir = join(root, dirname(path));
    if (basename(path) === 'boot.cjs') removeCode(dir);
    removeEmpty(dir, dirname(root));
  }
  updateHashes(root, place, (before) =>
    Object.fromEntries(Object.entries(before).filter(([path]) => !chosen(path))),
  );
  return plan;
}

/** As {@link removeFiles} for all of a tree but what is spared; the link to the current version goes first. */
export function removeTree(root: string, place: Place, chosen: Choice = EVERY): Removal {
  if (planRemoval(root, place).kept.length === 0) removeLink(join(root, 'current'));
  const plan = removeFiles(root, place, chosen);
  removeEmpty(root, dirname(root));
  return plan;
}

/** Changes what the manifest says of a tree; one of which nothing is left is forgotten. */
function updateHashes(
  root: string,
  place: Place,
  edit: (hashes: Record<string, string>) => Record<string, string>,
): void {
  updateManifest(place.data, place.state, (manifest) => {
    const { [root]: before = {}, ...others } = manifest.trees;
    const after = edit(before);
    const isEmpty = Object.keys(after).length === 0;
    return { ...manifest, trees: isEmpty ? others : { ...others, [root]: after } };
  });
}

function hashOf(path: string): string | null {
  try {
    return sha256(readFileSync(path, 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** Only a link that leads to one of our versions: among skills, say, such a name is a person's. */
function removeLink(path: string): void {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
  if (isLink && readlinkSync(path).startsWith('versions/')) rmSync(path);
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
