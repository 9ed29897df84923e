import { StopgateError } from '../errors.ts';
import { CLAUDE_ALLOW } from '../hosts/claude/allow.ts';
import { type KeptTrust, keepTrust } from '../hosts/codex/keep-trust.ts';
import { type AllowWish, planWithAllow } from './allow/with-entries.ts';
import { type Application, type Applied, applySettings, previewSettings } from './apply.ts';
import { sha256 } from './backup.ts';
import { exclusively } from './exclusively.ts';
import { readManifest, updateManifest } from './manifest.ts';
import { NO_ORIGIN } from './plan.ts';
import { isOurCommand } from './recognise.ts';
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
  /** Where hooks of Codex moved: whether the person's are as trusted as they were. */
  readonly keptTrust?: KeptTrust;
}

export interface InstallOptions {
  readonly dryRun?: boolean;
  readonly wish?: AllowWish;
  /** Those of the site's entries that are to be there; all, where it is not said. */
  readonly only?: readonly Entry[];
  /** Add the skills where they are not there yet. */
  readonly skills?: boolean;
}

/** Installs at one site: our files first, then the settings that name them; nothing at all where it refuses. */
function installSite(
  site: Site,
  place: Place,
  release: Release,
  { dryRun = false, wish = KEEP, only = site.entries, skills: asked = false }: InstallOptions = {},
): InstallReport {
  if (site.problem !== null) throw badSettings(site.problem);
  const skills = skillsFor(site.path, place, release.packageRoot, asked);
  const trees = [treeFor(site, place, release), ...skills.trees];
  const application = applicationOf(site, place, only, wish);
  const preview = previewSettings(application);
  const entries = only.map(nameOf);
  const { host, scope, path } = site;
  const files = trees.flatMap(outdatedPaths);
  const report = { host, scope, dryRun, files, edited: [], others: skills.others, entries };
  if (dryRun) return { ...report, settings: { ...preview, path } };
  return exclusively(place, () => {
    const edited = trees.flatMap((tree) => placeTree(tree, place));
    return { ...report, edited, settings: { ...applySettings(application), path } };
  });
}

/** As {@link installSite}; where that moves hooks of Codex, those of the person stay as trusted as they were. */
export async function installKeepingTrust(
  site: Site,
  place: Place,
  release: Release,
  options: InstallOptions = {},
): Promise<InstallReport> {
  const install = () => installSite(site, place, release, options);
  if (site.host !== 'codex' || options.dryRun) return install();
  const { settings } = installSite(site, place, release, { ...options, dryRun: true });
  const isMoving = settings.kind === 'edited' && settings.edits.some(({ op }) => op === 'remove');
  if (!isMoving) return install();
  const where = { env: place.env, cwd: place.project, hooksFile: site.path, isOurs: isOurCommand };
  const { result, kept } = await keepTrust(where, install);
  return { ...result, keptTrust: kept };
}

function badSettings(problem: string): StopgateError {
  const message = `The settings that the entries follow cannot be read: ${problem}.`;
  return new StopgateError('bad-settings', message, {
    hint: 'Repair that file, then run it again.',
  });
}

/** Rules are added only where somebody asks; those that an older stopgate added give way to narrower ones. */
const KEEP: AllowWish = { keep: CLAUDE_ALLOW };

/** How `entries` come into (or, with none, out of) a site's settings, with the record that lets them out again. */
export function applicationOf(
  site: Pick<Site, 'host' | 'scope' | 'path' | 'rules'> & Partial<Pick<Site, 'entries'>>,
  { data, state }: Place,
  entries: readonly Entry[],
  wish: AllowWish = KEEP,
): Application {
  const { host, scope, path, rules } = site;
  return {
    path,
    mode: scope === 'project' ? 0o644 : 0o600,
    state,
    plan: (current, origin) => planWithAllow(current, entries, wish, rules, origin),
    originOf: (target) => readManifest(data).settings[target]?.origin ?? NO_ORIGIN,
    record(target, text, origin) {
      const names = (site.entries ?? entries).map(nameOf);
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

function nameOf({ event, command }: Entry): { event: string; command: string } {
  return { event, command };
}
