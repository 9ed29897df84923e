import { existsSync } from 'node:fs';
import { messageOf, StopgateError } from '../errors.ts';
import { previewSettings } from './apply.ts';
import { exclusively } from './exclusively.ts';
import { applicationOf, type InstallReport, installKeepingTrust } from './install.ts';
import { installedVersion } from './launcher.ts';
import { readManifest } from './manifest.ts';
import { entriesToUpdate } from './present.ts';
import { pruneVersions } from './prune.ts';
import { type RulesReport, updateRules } from './rules-file.ts';
import { type Place, type Site, siteOf } from './site.ts';
import { isVendored, placeTree, type Release, treeFor } from './tree.ts';
import { isNewer } from './version-order.ts';

/** What became of the sites, of Codex's rules, and the files of older versions that are gone. */
export interface MigrationReport {
  readonly sites: readonly Migration[];
  readonly pruned: readonly string[];
  /** Codex's rules; null where nothing of Codex is installed. */
  readonly rules: RulesReport | null;
}

export type Migration =
  | InstallReport
  | { readonly path: string; readonly refused: string }
  | { readonly path: string; readonly skipped: 'project-gone' | 'entries-gone' };

export interface MigrateOptions {
  readonly dryRun?: boolean;
  /** Put back what somebody took out of the settings. */
  readonly restore?: boolean;
}

/**
 * Brings every recorded site of this place to `release`: bundles, launcher, entries. Idempotent.
 * @throws StopgateError `older` when a newer version is installed.
 */
export async function migrate(
  place: Place,
  release: Release,
  { dryRun = false, restore = false }: MigrateOptions = {},
): Promise<MigrationReport> {
  const installed = installedVersion(place.data);
  if (installed !== null && isNewer(installed, release.version))
    throw olderThan(installed, release);
  const sites: Migration[] = [];
  for (const recorded of Object.values(readManifest(place.data).settings))
    sites.push(await migrateSite(recorded, place, release, { dryRun, restore }));
  const hosts = Object.values(readManifest(place.data).settings).map(({ host }) => host);
  const rules = hosts.includes('codex') ? updateRules(place, dryRun) : null;
  return { sites, rules, pruned: dryRun ? [] : pruneVersions(place) };
}

function olderThan(installed: string, { version }: Release): StopgateError {
  const message = `The installed hooks are those of ${installed}; this stopgate is ${version}.`;
  return new StopgateError('older', message, {
    hint: 'Update this stopgate. To go back to it all the same: stopgate install',
  });
}

type Recorded = ReturnType<typeof readManifest>['settings'][string];

async function migrateSite(
  { host, scope, path, entries }: Recorded,
  place: Place,
  release: Release,
  { dryRun, restore }: Required<MigrateOptions>,
): Promise<Migration> {
  const project = projectOf(scope, path) ?? place.project;
  if (scope !== 'user' && !existsSync(project)) return { path, skipped: 'project-gone' };
  try {
    const there = { ...place, project };
    const site = { ...siteOf(host, scope, there), path };
    const wanted = restore ? site.entries : entriesToUpdate(path, site.entries, entries);
    if (wanted.length > 0 || hasOutdatedRules(site, there))
      return await installKeepingTrust(site, there, release, { dryRun, only: wanted });
    if (!dryRun && !isVendored(site))
      exclusively(there, () => placeTree(treeFor(site, there, release), there));
    return { path, skipped: 'entries-gone' };
  } catch (error) {
    return { path, refused: messageOf(error) };
  }
}

/** Entries that somebody took out stay out; a permission rule that is too wide must not stay with them. */
function hasOutdatedRules(site: Site, place: Place): boolean {
  return previewSettings(applicationOf(site, place, [])).kind === 'edited';
}

/** `<project>/.claude/settings.json` and the like name their project. */
export function projectOf(scope: string, path: string): string | null {
  return scope === 'user' ? null : path.replace(/\/[^/]+\/[^/]+$/, '');
}
