import { Command } from 'commander';
import { type Migration, type MigrationReport, migrate } from '../config/migrate.ts';
import { placeOf } from '../config/site.ts';
import { currentDir } from '../cwd.ts';
import { StopgateError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { type Line, print, printJson } from './print.ts';
import { thisRelease } from './release.ts';
import { editedLines, keptTrustLines, settingsLines, wrote } from './settings-text.ts';

/** `stopgate migrate`: after an update of the package, everything that was installed follows. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .option('--dry-run', 'show what would be done and write nothing')
    .option('--json', 'for programs')
    .action(async (flags: { dryRun?: true; json?: true }) => {
      const dryRun = flags.dryRun === true;
      const place = placeOf(currentDir(), process.env);
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
  const report = await migrate(placeOf(currentDir(), process.env), thisRelease());
  const { sites } = report;
  return {
    refused: sites.flatMap((site) => ('refused' in site ? [site.refused] : [])),
    toDo: [...new Set([...sites.flatMap(toTrust), ...narrowed(report)])],
  };
}

/** What an agent was allowed and is not any more, for the person who allowed it. */
function narrowed({ sites, rules }: MigrationReport): string[] {
  const isNarrower = sites.some(
    (site) =>
      'settings' in site &&
      site.settings.kind === 'edited' &&
      site.settings.edits.some(({ op, event }) => op === 'remove' && event === 'permissions.allow'),
  );
  return [
    ...(isNarrower ? [CLAUDE_NARROWED] : []),
    ...(rules?.kind === 'written' ? [CODEX_NARROWED] : []),
  ];
}

const CLAUDE_NARROWED =
  'The permission of Claude Code is narrower now: it asks before `stopgate build start`, `wait`, `complete` and `phase complete`.';
const CODEX_NARROWED =
  'The rule for the sandbox of Codex is narrower now: what a check or a wait runs stays inside the sandbox. Sessions that are open keep the old rule: end them.';

/** Codex runs a hook that is new or changed only when it is trusted, and says nothing of it in `codex exec`. */
function toTrust(site: Migration): string[] {
  if (!('settings' in site) || site.host !== 'codex' || site.settings.kind === 'unchanged')
    return [];
  if (site.settings.edits.every(({ op }) => op === 'remove')) return [];
  const scope = site.scope === 'user' ? '' : ` --scope ${site.scope}`;
  return [`Codex has to trust what changed: stopgate install --host codex${scope} --trust`];
}

function describe(report: MigrationReport, dryRun: boolean): Line[] {
  const { sites, rules, pruned } = report;
  if (sites.length === 0) return ['nothing is installed here; see: stopgate install --help'];
  const lines = sites.flatMap((site): Line[] => {
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
  return [...lines, ...changed, ...narrowed(report), ...pruned.map((path) => `removed  ${path}`)];
}

const WHY_SKIPPED = {
  'project-gone': 'its project is not there',
  'entries-gone': 'somebody took the entries out; to put them back, run `stopgate install` again',
};
