import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLAUDE_RULES } from '../hosts/claude/entries.ts';
import { SCOPES, type Scope } from '../hosts/claude/settings-path.ts';
import { CODEX_RULES } from '../hosts/codex/entries.ts';
import type { HostId } from '../owner/identity.ts';
import { runningSessions } from '../session/running.ts';
import { exclusively } from './exclusively.ts';
import { LAUNCHER_PATH } from './launcher.ts';
import { manifestPath, readManifest } from './manifest.ts';
import { realPath } from './real-path.ts';
import { type RulesReport, removeRules } from './rules-file.ts';
import { type Place, siteOf, vendorDir } from './site.ts';
import { skillsDir } from './skills.ts';
import { isVendored } from './tree.ts';
import { planRemoval, type Removal, removeEmpty, removeTree } from './tree-removal.ts';
import { removeAt, type SiteRemoval, type Where } from './uninstall-site.ts';

export interface Selection {
  readonly hosts: readonly HostId[];
  readonly scopes: readonly Scope[];
}

export interface UninstallReport {
  readonly dryRun: boolean;
  /** Settings of Codex still name us, or were not looked at. */
  readonly codexRemains: boolean;
  /** Codex's rules; null while settings of Codex remain. */
  readonly rules: RulesReport | null;
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
  const wasEdited = sites.some((site) => 'settings' in site && site.settings.kind === 'edited');
  const running = new Set(runningSessions(place.state).map(({ host }) => host));
  if (!dryRun && wasEdited && running.has('claude')) await sleep(CLAUDE_READS_MS);
  const failed = new Set(sites.flatMap((site) => ('refused' in site ? [realPath(site.path)] : [])));
  const isNothing = Object.keys(readManifest(place.data).trees).length === 0;
  const finish = () => removeUnused(selection, place, dryRun, failed, running.has('codex'));
  return { dryRun, sites, ...(dryRun || isNothing ? finish() : exclusively(place, finish)) };
}

/** Removes what no settings file calls any more, as the manifest has it at this moment. */
function removeUnused(
  selection: Selection,
  place: Place,
  dryRun: boolean,
  failed: ReadonlySet<string>,
  isCodexRunning: boolean,
): Omit<UninstallReport, 'dryRun' | 'sites'> {
  const recorded = Object.values(readManifest(place.data).settings);
  const remaining = dryRun ? recorded.filter(remainsAfter(selection, failed)) : recorded;
  const roots = unusedTrees(remaining, place);
  const called = isCodexRunning && roots.some((root) => isSharedTree(root, place));
  const chosen = (path: string) => !called || path !== LAUNCHER_PATH;
  const act = dryRun ? planRemoval : removeTree;
  const removals = roots.map((root) =>
    act(root, place, isSharedTree(root, place) ? chosen : undefined),
  );
  const codexRemains =
    !selection.hosts.includes('codex') || remaining.some(({ host }) => host === 'codex');
  const rules = codexRemains ? null : removeRules(place, dryRun);
  if (!dryRun) forgetEmptyManifest(place);
  return {
    codexRemains,
    rules,
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
  return [...new Map(chosen.map((site) => [realPath(site.path), site])).values()];
}

type Recorded = ReturnType<typeof readManifest>['settings'][string];

/** Which of the recorded settings files would still name us. */
function remainsAfter({ hosts, scopes }: Selection, failed: ReadonlySet<string>) {
  return ({ host, scope, path }: Recorded) =>
    failed.has(realPath(path)) || !hosts.includes(host) || !scopes.includes(scope);
}

/** The trees that no remaining settings file calls. A home may be spelt in two ways, with a link and without. */
function unusedTrees(remaining: readonly Recorded[], place: Place): string[] {
  const called = new Set(
    remaining.flatMap(({ path }) => [
      realPath(vendorDir(join(path, '..', '..'))),
      realPath(skillsDir(path)),
    ]),
  );
  return Object.keys(readManifest(place.data).trees).filter((root) =>
    isSharedTree(root, place) ? remaining.every(isVendored) : !called.has(realPath(root)),
  );
}

function isSharedTree(root: string, { data }: Place): boolean {
  return realPath(root) === realPath(data);
}

function forgetEmptyManifest({ data }: Place): void {
  const { trees, settings } = readManifest(data);
  if (Object.keys(trees).length + Object.keys(settings).length > 0) return;
  rmSync(manifestPath(data), { force: true });
  removeEmpty(data, dirname(data));
}

export const EVERYWHERE: Selection = { hosts: ['claude', 'codex'], scopes: SCOPES };
