import { messageOf } from '../errors.ts';
import { type InstallReport, installSite } from './install.ts';
import { readManifest } from './manifest.ts';
import { pruneVersions } from './prune.ts';
import { type Place, siteOf } from './site.ts';
import type { Release } from './tree.ts';

/** What became of the sites, and the files of older versions that are gone. */
export interface MigrationReport {
  readonly sites: readonly Migration[];
  readonly pruned: readonly string[];
}

export type Migration = InstallReport | { readonly path: string; readonly refused: string };

/** Brings every recorded site of this place to `release`: bundles, launcher, entries. Idempotent. */
export function migrate(place: Place, release: Release, dryRun: boolean): MigrationReport {
  const sites = migrateSites(place, release, dryRun);
  return { sites, pruned: dryRun ? [] : pruneVersions(place) };
}

function migrateSites(place: Place, release: Release, dryRun: boolean): Migration[] {
  return Object.values(readManifest(place.data).settings).map(({ host, scope, path }) => {
    try {
      const project = projectOf(scope, path) ?? place.project;
      const site = siteOf(host, scope, { ...place, project });
      return installSite({ ...site, path }, { ...place, project }, release, dryRun);
    } catch (error) {
      return { path, refused: messageOf(error) };
    }
  });
}

/** `<project>/.claude/settings.json` and the like name their project. */
export function projectOf(scope: string, path: string): string | null {
  return scope === 'user' ? null : path.replace(/\/[^/]+\/[^/]+$/, '');
}
