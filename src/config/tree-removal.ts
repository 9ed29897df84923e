import { lstatSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../errors.ts';
import { removeCode } from './code.ts';
import { readManifest } from './manifest.ts';
import type { Place } from './site.ts';
import { hashOf, updateHashes } from './tree.ts';

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
