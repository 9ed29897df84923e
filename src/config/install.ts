import { StopgateError } from '../errors.ts';
import { type AllowWish, planWithAllow } from './allow/with-entries.ts';
import { type Application, type Applied, applySettings, previewSettings } from './apply.ts';
import { sha256 } from './backup.ts';
import { readManifest, updateManifest } from './manifest.ts';
import { NO_ORIGIN } from './plan.ts';
import type { Place, Site } from './site.ts';
import { skillsFor } from './skills.ts';
import { outdatedPaths, placeTree, type Release, treeFor } from './tree.ts';
import type { Entry } from './types.ts';

export interface InstallReport {
  readonly host: Site['host'];
  readonly scope: Site['scope'];
  readonly dryRun: boolean;
  readonly settings: Applied & { readonly path: string };
  /** Files of our own that were (or would be) written. */
  readonly files: readonly string[];
  /** Copies of files of ours that somebody had changed. */
  readonly edited: readonly string[];
  /** Files of somebody else's where skills of ours would go; left alone. */
  readonly others: readonly string[];
  readonly entries: readonly { readonly event: string; readonly command: string }[];
}

/** Installs at one site: our files first, then the settings that name them; nothing at all where it refuses. */
export function installSite(
  site: Site,
  place: Place,
  release: Release,
  dryRun: boolean,
  wish: AllowWish = 'keep',
  withSkills = false,
): InstallReport {
  if (site.problem !== null) throw badSettings(site.problem);
  const skills = skillsFor(site.path, place, release.packageRoot, withSkills);
  const trees = [treeFor(site, place, release), ...skills.trees];
  const application = applicationOf(site, place, site.entries, wish);
  const preview = previewSettings(application);
  const entries = site.entries.map(({ event, command }) => ({ event, command }));
  const { host, scope, path } = site;
  const files = trees.flatMap(outdatedPaths);
  const report = { host, scope, dryRun, files, edited: [], others: skills.others, entries };
  if (dryRun) return { ...report, settings: { ...preview, path } };
  const edited = trees.flatMap((tree) => placeTree(tree, place));
  return { ...report, edited, settings: { ...applySettings(application), path } };
}

function badSettings(problem: string): StopgateError {
  const message = `The settings that the entries follow cannot be read: ${problem}.`;
  return new StopgateError('bad-settings', message, {
    hint: 'Repair that file, then run it again.',
  });
}

/** How `entries` come into (or, with none, out of) a site's settings, with the record that lets them out again. */
export function applicationOf(
  { host, scope, path, rules }: Pick<Site, 'host' | 'scope' | 'path' | 'rules'>,
  { data, state }: Place,
  entries: readonly Entry[],
  wish: AllowWish = 'keep',
): Application {
  return {
    path,
    state,
    plan: (current, origin) => planWithAllow(current, entries, wish, rules, origin),
    originOf: (target) => readManifest(data).settings[target]?.origin ?? NO_ORIGIN,
    record(target, text, origin) {
      const names = entries.map(({ event, command }) => ({ event, command }));
      const fields = {
        host,
        scope,
        path,
        entries: names,
        origin: { ...origin },
        sha256: sha256(text),
      };
      updateManifest(data, state, (manifest) => ({
        ...manifest,
        settings: { ...manifest.settings, [target]: { ...manifest.settings[target], ...fields } },
      }));
    },
  };
}
