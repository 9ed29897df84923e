import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import { CLAUDE_RULES } from '../hosts/claude/entries.ts';
import { SCOPES, type Scope } from '../hosts/claude/settings-path.ts';
import { CODEX_RULES } from '../hosts/codex/entries.ts';
import { type KeptTrust, keepTrust } from '../hosts/codex/keep-trust.ts';
import type { HostId } from '../owner/identity.ts';
import { runningSessions } from '../session/running.ts';
import { type Applied, applySettings, previewSettings } from './apply.ts';
import { applicationOf } from './install.ts';
import { LAUNCHER_PATH } from './launcher.ts';
import { manifestPath, readManifest, updateManifest } from './manifest.ts';
import { projectOf } from './migrate.ts';
import { isOurCommand } from './recognise.ts';
import { type Place, type Site, siteOf, vendorDir } from './site.ts';
import { skillsDir } from './skills.ts';
import { isVendored, planRemoval, type Removal, removeEmpty, removeTree } from './tree.ts';

type Where = Pick<Site, 'host' | 'scope' | 'path' | 'rules'>;

export interface Selection {
  readonly hosts: readonly HostId[];
  readonly scopes: readonly Scope[];
}

/** What became of one settings file. */
export type SiteRemoval =
  | {
      readonly host: HostId;
      readonly scope: Scope;
      readonly path: string;
      readonly settings: Applied;
      /** Codex only: whether the hooks that moved are as trusted as they were. */
      readonly trust: KeptTrust | null;
    }
  | {
      readonly host: HostId;
      readonly scope: Scope;
      readonly path: string;
      readonly refused: string;
    };

export interface UninstallReport {
  readonly dryRun: boolean;
  /** Settings of Codex still name us, or were not looked at. */
  readonly codexRemains: boolean;
  readonly sites: readonly SiteRemoval[];
  readonly files: Removal & {
    /** The launcher, while sessions of Codex run: they call it until they end, and it approves. */
    readonly stillCalled: readonly string[];
  };
}

/**
 * Takes out exactly what the manifest and the recogniser prove ours: entries from every known settings file, then, once
 * no settings file names them, our own files. A settings file is never deleted, a file that a person changed is kept.
 */
export async function uninstall(
  selection: Selection,
  place: Place,
  dryRun: boolean,
): Promise<UninstallReport> {
  const sites: SiteRemoval[] = [];
  for (const site of knownSites(selection, place)) sites.push(await removeAt(site, place, dryRun));
  const failed = new Set(sites.flatMap((site) => ('refused' in site ? [site.path] : [])));
  const remaining = remainingSites(selection, place, failed);
  const roots = unusedTrees(remaining, place);
  const running = new Set(runningSessions(place.state).map(({ host }) => host));
  const wasEdited = sites.some((site) => 'settings' in site && site.settings.kind === 'edited');
  if (!dryRun && wasEdited && running.has('claude')) await sleep(CLAUDE_READS_MS);
  const called = running.has('codex') && roots.includes(place.data);
  const chosen = (path: string) => !called || path !== LAUNCHER_PATH;
  const act = dryRun ? planRemoval : removeTree;
  const removals = roots.map((root) => act(root, place, root === place.data ? chosen : undefined));
  if (!dryRun) forgetEmptyManifest(place);
  return {
    dryRun,
    codexRemains:
      !selection.hosts.includes('codex') || remaining.some(({ host }) => host === 'codex'),
    sites,
    files: {
      removed: removals.flatMap(({ removed }) => removed),
      kept: removals.flatMap(({ kept }) => kept),
      stillCalled: called ? [join(place.data, LAUNCHER_PATH)] : [],
    },
  };
}

/** Claude Code notices changed settings within a second; a session of Codex keeps the hooks that it started with. */
const CLAUDE_READS_MS = 2_000;

/** The recorded settings files, and those where a host would look from here, recorded or not. */
function knownSites({ hosts, scopes }: Selection, place: Place): Where[] {
  const recorded = Object.values(readManifest(place.data).settings).map(
    ({ host, scope, path }) => ({
      host,
      scope,
      path,
      rules: host === 'claude' ? CLAUDE_RULES : CODEX_RULES,
    }),
  );
  const here = hosts.flatMap((host) =>
    scopes
      .filter((scope) => host === 'claude' || scope !== 'local')
      .map((scope) => siteOf(host, scope, place)),
  );
  const chosen = [...recorded, ...here].filter(
    ({ host, scope }) => hosts.includes(host) && scopes.includes(scope),
  );
  return [...new Map(chosen.map((site) => [site.path, site])).values()];
}

async function removeAt(site: Where, place: Place, dryRun: boolean): Promise<SiteRemoval> {
  const { host, scope, path } = site;
  try {
    const remove = () => removeEntries(site, place, dryRun);
    if (host !== 'codex' || dryRun) return { host, scope, path, settings: remove(), trust: null };
    const cwd = projectOf(scope, path) ?? place.project;
    const where = { env: place.env, cwd, hooksFile: path, isOurs: isOurCommand };
    const { result, kept } = await keepTrust(where, remove);
    return { host, scope, path, settings: result, trust: kept };
  } catch (error) {
    return { host, scope, path, refused: messageOf(error) };
  }
}

function removeEntries(site: Where, place: Place, dryRun: boolean): Applied {
  const application = applicationOf(site, place, [], 'remove');
  if (dryRun) return previewSettings(application);
  const settings = applySettings(application);
  forgetSite(settings.target, place);
  return settings;
}

function forgetSite(target: string, { data, state }: Place): void {
  if (readManifest(data).settings[target] === undefined) return;
  updateManifest(data, state, (manifest) => ({
    ...manifest,
    settings: Object.fromEntries(
      Object.entries(manifest.settings).filter(([key]) => key !== target),
    ),
  }));
}

type Recorded = ReturnType<typeof readManifest>['settings'][string];

/** The recorded settings files that still name us afterwards. */
function remainingSites(
  { hosts, scopes }: Selection,
  place: Place,
  failed: ReadonlySet<string>,
): Recorded[] {
  return Object.values(readManifest(place.data).settings).filter(
    ({ host, scope, path }) => failed.has(path) || !hosts.includes(host) || !scopes.includes(scope),
  );
}

/** The trees that no remaining settings file calls. */
function unusedTrees(remaining: readonly Recorded[], place: Place): string[] {
  return Object.keys(readManifest(place.data).trees).filter((root) => {
    if (root === place.data) return remaining.every(isVendored);
    return !remaining.some(
      ({ path }) => vendorDir(join(path, '..', '..')) === root || skillsDir(path) === root,
    );
  });
}

function forgetEmptyManifest({ data }: Place): void {
  const { trees, settings } = readManifest(data);
  if (Object.keys(trees).length + Object.keys(settings).length > 0) return;
  rmSync(manifestPath(data), { force: true });
  removeEmpty(data, dirname(data));
}

export const EVERYWHERE: Selection = { hosts: ['claude', 'codex'], scopes: SCOPES };
