import { Command, Option } from 'commander';
import { type InstallReport, installKeepingTrust } from '../config/install.ts';
import { isOurCommand } from '../config/recognise.ts';
import { placeRules, type RulesReport } from '../config/rules-file.ts';
import { type Place, placeOf, type Site, siteOf } from '../config/site.ts';
import { StopgateError } from '../errors.ts';
import { CLAUDE_ALLOW } from '../hosts/claude/allow.ts';
import { SCOPES, type Scope } from '../hosts/claude/settings-path.ts';
import { type TrustReport, trustOwnEntries, trustState } from '../hosts/codex/trust.ts';
import type { HostId } from '../owner/identity.ts';
import { askInstall } from './ask-install.ts';
import { print, printJson } from './print.ts';
import { thisRelease } from './release.ts';
import { editedLines, keptTrustLines, settingsLines, wrote } from './settings-text.ts';

export interface InstallFlags {
  host?: HostId | 'all';
  scope?: Scope;
  trust?: boolean;
  allow?: boolean;
  skills?: true;
  dryRun?: true;
  json?: true;
}

/** `stopgate install`: puts launcher and bundles in place and registers them in a host's settings. */
export function installCommand(): Command {
  return new Command('install')
    .addOption(
      new Option('--host <host>', 'the agent program (default: claude)').choices([
        'claude',
        'codex',
        'all',
      ]),
    )
    .addOption(
      new Option('--scope <scope>', 'which of its settings (default: user)').choices([...SCOPES]),
    )
    .option('--trust', "have Codex trust exactly these hooks, through Codex's own app-server")
    .option('--allow', 'let Claude Code run `stopgate build` and `stopgate status` without asking')
    .option(
      '--skills',
      'add the skills build and task-cleanup, which tell an agent when to call stopgate',
    )
    .option('--dry-run', 'show the difference and write nothing')
    .option('--json', 'for programs')
    .action(install);
}

/** Asks in a terminal where no flag was given; flags make it silent. */
async function install(given: InstallFlags): Promise<void> {
  const isAsked = Object.keys(given).length === 0 && process.stdin.isTTY && process.stdout.isTTY;
  const place = placeOf(process.cwd(), process.env);
  const preview = (flags: InstallFlags) => outcomes({ ...flags, dryRun: true }, place);
  const flags = isAsked ? await askInstall(preview) : given;
  if (flags === null) return print('nothing was written');
  const done = await outcomes(flags, place);
  if (flags.json) printJson({ dryRun: flags.dryRun === true, sites: done });
  else print(...done.flatMap(describe), ...(flags.dryRun ? [] : AFTERWARDS));
  if (flags.trust && done.some(({ trust }) => trust !== null && trust.hint !== null)) {
    throw new StopgateError(
      'not-trusted',
      'Codex does not trust all of the hooks yet; see above.',
      {},
    );
  }
}

export interface Outcome {
  readonly install: InstallReport;
  readonly rules: RulesReport | null;
  readonly trust: TrustReport | null;
}

async function outcomes(flags: InstallFlags, place: Place): Promise<Outcome[]> {
  const { host = 'claude', scope = 'user' } = flags;
  if (flags.allow && host === 'codex') throw allowIsForClaude();
  const hosts: HostId[] = host === 'all' ? ['claude', 'codex'] : [host];
  const sites = hosts.map((id) => siteOf(id, scope, place));
  // What refuses one host's settings refuses them all: a person is not left with the half of it.
  if (sites.length > 1 && !flags.dryRun)
    for (const site of sites) await outcome(site, { ...flags, dryRun: true }, place);
  const done: Outcome[] = [];
  for (const site of sites) done.push(await outcome(site, flags, place));
  return done;
}

async function outcome(site: Site, flags: InstallFlags, place: Place): Promise<Outcome> {
  const dryRun = flags.dryRun === true;
  const wish = flags.allow && site.host === 'claude' ? CLAUDE_ALLOW : 'keep';
  const install = await installKeepingTrust(site, place, thisRelease(), {
    dryRun,
    wish,
    skills: flags.skills === true,
  });
  if (site.host !== 'codex') return { install, rules: null, trust: null };
  const rules = placeRules(place, dryRun);
  if (dryRun) return { install, rules, trust: null };
  const ask = flags.trust ? trustOwnEntries : trustState;
  const where = { env: place.env, cwd: place.project, hooksFile: site.path, isOurs: isOurCommand };
  return { install, rules, trust: await ask(where) };
}

export function describe({ install, rules, trust }: Outcome): string[] {
  const { files, settings, dryRun } = install;
  return [
    ...files.map((path) => `${wrote(dryRun)}  ${path}`),
    ...editedLines(install),
    ...(rules ? [rulesLine(rules, dryRun)] : []),
    ...settingsLines(settings, dryRun),
    ...keptTrustLines(install.keptTrust),
    ...(trust ? trustLines(trust) : []),
  ];
}

function rulesLine({ path, kind }: RulesReport, dryRun: boolean): string {
  if (kind === 'kept') return `kept  ${path}: it holds other rules than ours`;
  return kind === 'written' ? `${wrote(dryRun)}  ${path}` : `unchanged  ${path}`;
}

function trustLines({ state, why, hint }: TrustReport): string[] {
  return [`Codex trust: ${state}${why ? ` (${why})` : ''}`, ...(hint ? [`  ${hint}`] : [])];
}

function allowIsForClaude(): StopgateError {
  return new StopgateError('usage', '--allow is for Claude Code.', {
    hint: 'For Codex, install adds a rules file of its own: see docs/codex.md.',
    exitCode: 2,
  });
}

const AFTERWARDS = [
  'Undo: stopgate uninstall',
  'Switch off: STOPGATE_DISABLE=1 in the environment of the agent',
];
