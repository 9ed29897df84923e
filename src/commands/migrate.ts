import { Command } from 'commander';
import { type Migration, type MigrationReport, migrate } from '../config/migrate.ts';
import { placeOf } from '../config/site.ts';
import { StopgateError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { print, printJson } from './print.ts';
import { thisRelease } from './release.ts';
import { editedLines, keptTrustLines, settingsLines, wrote } from './settings-text.ts';

/** `stopgate migrate`: after an update of the package, everything that was installed follows. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .option('--dry-run', 'show what would be done and write nothing')
    .option('--json', 'for programs')
    .action(async (flags: { dryRun?: true; json?: true }) => {
      const dryRun = flags.dryRun === true;
      const place = placeOf(process.cwd(), process.env);
      const report = await migrate(place, thisRelease(), { dryRun });
      if (flags.json) printJson({ version: VERSION, ...report });
      else print(...describe(report, dryRun));
      const refused = report.sites.filter((site) => 'refused' in site);
      if (refused.length > 0) {
        throw new StopgateError(
          'not-all',
          `${refused.length} settings file(s) could not be changed.`,
          {
            hint: 'Mend what is said above, then run: stopgate migrate',
          },
        );
      }
    });
}

/** Migrates everything that was installed without a word, and returns what refused and what is left to do. */
export async function migrateQuietly(): Promise<{ refused: string[]; toDo: string[] }> {
  const { sites } = await migrate(placeOf(process.cwd(), process.env), thisRelease());
  return {
    refused: sites.flatMap((site) => ('refused' in site ? [site.refused] : [])),
    toDo: [...new Set(sites.flatMap(toTrust))],
  };
}

/** Codex runs a hook that is new or changed only when it is trusted, and says nothing of it in `codex exec`. */
function toTrust(site: Migration): string[] {
  if (!('settings' in site) || site.host !== 'codex' || site.settings.kind === 'unchanged')
    return [];
  if (site.settings.edits.every(({ op }) => op === 'remove')) return [];
  const scope = site.scope === 'user' ? '' : ` --scope ${site.scope}`;
  return [`Codex has to trust what changed: stopgate install --host codex${scope} --trust`];
}

function describe({ sites, rules, pruned }: MigrationReport, dryRun: boolean): string[] {
  if (sites.length === 0) return ['nothing is installed here; see: stopgate install --help'];
  const lines = sites.flatMap((site) => {
    if ('refused' in site) return [`refused  ${site.refused}`];
    if ('skipped' in site) return [`left  ${site.path}: ${WHY_SKIPPED[site.skipped]}`];
    const files = site.files.map((path) => `${wrote(dryRun)}  ${path}`);
    return [
      ...files,
      ...editedLines(site),
      ...settingsLines(site.settings, dryRun),
      ...keptTrustLines(site.keptTrust),
      ...toTrust(site),
    ];
  });
  const changed = rules?.kind === 'written' ? [`${wrote(dryRun)}  ${rules.path}`] : [];
  return [...lines, ...changed, ...pruned.map((path) => `removed  ${path}`)];
}

const WHY_SKIPPED = {
  'project-gone': 'its project is not there',
  'entries-gone': 'somebody took the entries out; to put them back, run `stopgate install` again',
};
