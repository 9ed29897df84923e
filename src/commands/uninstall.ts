import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { placeOf } from '../config/site.ts';
import { removeEmpty } from '../config/tree-removal.ts';
import { EVERYWHERE, type UninstallReport, uninstall } from '../config/uninstall.ts';
import type { SiteRemoval } from '../config/uninstall-site.ts';
import { currentDir } from '../cwd.ts';
import { StopgateError } from '../errors.ts';
import { SCOPES, type Scope } from '../hosts/claude/settings-path.ts';
import type { HostId } from '../owner/identity.ts';
import { ownEntries } from '../state/own-entries.ts';
import type { StatePaths } from '../state/paths.ts';
import { type Line, print, printJson } from './print.ts';
import { keptTrustLines, settingsLines } from './settings-text.ts';

interface Flags {
  host: HostId | 'all';
  scope: Scope | 'all';
  purge?: true;
  dryRun?: true;
  json?: true;
}

/** `stopgate uninstall`: takes out what is provably ours, everywhere unless told otherwise. */
export function uninstallCommand(): Command {
  return new Command('uninstall')
    .addOption(
      new Option('--host <host>', 'of which agent program')
        .choices(['claude', 'codex', 'all'])
        .default('all'),
    )
    .addOption(
      new Option('--scope <scope>', 'from which settings')
        .choices([...SCOPES, 'all'])
        .default('all'),
    )
    .option('--purge', 'remove builds, logs and backups as well')
    .option('--dry-run', 'show what would be done and write nothing')
    .option('--json', 'for programs')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const place = placeOf(currentDir(), process.env);
  const selection = {
    hosts: flags.host === 'all' ? EVERYWHERE.hosts : [flags.host],
    scopes: flags.scope === 'all' ? EVERYWHERE.scopes : [flags.scope],
  };
  const dryRun = flags.dryRun === true;
  const report = await uninstall(selection, place, dryRun);
  const purged = flags.purge ? purge(place.state, dryRun) : null;
  if (flags.json) printJson({ ...report, purged });
  else print(...orNothing(describe(report, purged)));
  const refused = report.sites.flatMap((site) => ('refused' in site ? [site.refused] : []));
  if (refused.length > 0) {
    throw new StopgateError('not-all', `${refused.length} settings file(s) could not be changed.`, {
      hint: 'Mend what is said above, then run: stopgate uninstall',
    });
  }
}

/** What we keep in the state directory, by name: what else lies in it is not ours. */
function purge(state: StatePaths, dryRun: boolean): string[] {
  const there = ownEntries(state);
  if (dryRun) return there;
  for (const path of there) rmSync(path, { recursive: true, force: true });
  removeEmpty(state.root, dirname(state.root));
  return there;
}

function orNothing(lines: Line[]): Line[] {
  return lines.length > 0 ? lines : ['nothing of stopgate is here'];
}

function describe(
  { sites, files, rules, dryRun }: UninstallReport,
  purged: string[] | null,
): Line[] {
  const gone = dryRun ? 'would remove' : 'removed';
  return [
    ...sites.flatMap((site) => siteLines(site, dryRun)),
    ...files.removed.map((path) => `${gone}  ${path}`),
    ...files.kept.map((path) => `kept  ${path}: it was changed after it was installed`),
    ...files.stillCalled.flatMap((path) => [
      `kept  ${path}: sessions of Codex that are running call it until they end, and it approves`,
      '      Once they have ended, run this again.',
    ]),
    ...(rules?.kind === 'removed' ? [`${gone}  ${rules.path}`] : []),
    ...(rules?.kind === 'kept'
      ? [`kept  ${rules.path}: it was changed after it was installed`]
      : []),
    ...(purged ?? []).map((path) => `${gone}  ${path}`),
  ];
}

function siteLines(site: SiteRemoval, dryRun: boolean): Line[] {
  if ('refused' in site) return [`refused  ${site.refused}`];
  const { settings, trust } = site;
  if (settings.kind === 'unchanged' && !existsSync(settings.target)) return [];
  return [...settingsLines(settings, dryRun), ...keptTrustLines(trust)];
}
