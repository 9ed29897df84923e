import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readText, STATE_BYTES } from '../state/read-file.ts';
import { type InstalledFile, outdatedFiles } from './launcher.ts';
import { readManifest } from './manifest.ts';
import type { Place } from './site.ts';
import type { Tree } from './tree.ts';

/** Where the host that reads these settings looks for skills: both hosts look beside their settings file. */
export function skillsDir(settingsPath: string): string {
  return join(dirname(settingsPath), 'skills');
}

/** Our skills at one site. */
export interface Skills {
  /** What to put in place; empty where skills were never asked for. */
  readonly trees: readonly Tree[];
  /** Skills of somebody else that bear the name of one of ours: left alone. */
  readonly others: readonly string[];
}

/** The skills to put beside `settingsPath`: when they are asked for, and again wherever they were put before. */
export function skillsFor(
  settingsPath: string,
  place: Place,
  packageRoot: string,
  asked: boolean,
): Skills {
  const root = skillsDir(settingsPath);
  const recorded = readManifest(place.data).trees[root];
  if (!asked && recorded === undefined) return { trees: [], others: [] };
  const files = skillFiles(packageRoot);
  const isAnothers = (file: InstalledFile) =>
    recorded?.[file.path] === undefined &&
    existsSync(join(root, file.path)) &&
    outdatedFiles(root, [file]).length > 0;
  const ours = files.filter((file) => !isAnothers(file));
  return {
    trees: [{ root, files: ours, version: null, compiler: null }],
    others: files.filter(isAnothers).map(({ path }) => join(root, path)),
  };
}

function skillFiles(packageRoot: string): InstalledFile[] {
  const from = join(packageRoot, 'templates', 'skills');
  return readdirSync(from)
    .sort()
    .map((name) => ({
      path: join(name, 'SKILL.md'),
      text: readText(join(from, name, 'SKILL.md'), STATE_BYTES),
      mode: 0o644,
    }));
}
