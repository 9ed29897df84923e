import { Command, Option } from 'commander';
import { type InstallReport, installKeepingTrust } from '../config/install.ts';
import { isOurCommand } from '../config/recognise.ts';
import { placeRules, type RulesReport, updateRules } from '../config/rules-file.ts';
import { type Place, placeOf, type Site, siteOf } from '../config/site.ts';
import { currentDir, requireDir } from '../cwd.ts';
import { StopgateError } from '../errors.ts';
import { CLAUDE_ALLOW } from '../hosts/claude/allow.ts';
import { SCOPES, type Scope } from '../hosts/claude/settings-path.ts';
import { type TrustReport, trustOwnEntries, trustState } from '../hosts/codex/trust.ts';
import type { HostId } from '../owner/identity.ts';
import { askInstall } from './ask-install.ts';
import { assertPerson } from './person.ts';
import { type Line, print, printJson } from './print.ts';
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
    .option('--allow', 'let an agent keep the state of its build without asking a person')
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
  if (given.allow) assertPerson('install --allow');
  if (given.trust) assertPerson('install --trust');
  const place = placeOf(currentDir(), process.env);
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
  // A project that is gone is not made again.
  if (scope !== 'user') requireDir();
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
  const install = await installKeepingTrust(site, place, thisRelease(), {
    dryRun,
    ...(flags.allow && site.host === 'claude' ? { wish: CLAUDE_ALLOW } : {}),
    skills: flags.skills === true,
  });
  if (site.host !== 'codex') return { install, rules: null, trust: null };
  const rules = flags.allow ? placeRules(place, dryRun) : updateRules(place, dryRun);
  if (dryRun) return { install, rules, trust: null };
  const ask = flags.trust ? trustOwnEntries : trustState;
  const where = { env: place.env, cwd: place.project, hooksFile: site.path, isOurs: isOurCommand };
  return { install, rules, trust: await ask(where) };
}

export function describe({ install, rules, trust }: Outcome): Line[] {
  const { files, settings, dryRun } = install;
  return [
    ...files.map((path) => `${wrote(dryRun)}  ${path}`),
    ...editedLines(install),
    ...(rules ? [rulesLine(rules, dryRun)] : []),
    ...settingsLines(settings, dryRun),
    ...allowedLines(install, rules),
    ...keptTrustLines(install.keptTrust),
    ...(trust ? trustLines(trust) : []),
    ...(trust?.state === 'trusted' && !trust.hint ? [CODEX_TRUSTS] : []),
  ];
}

function rulesLine({ path, kind }: RulesReport, dryRun: boolean): string {
  switch (kind) {
    case 'kept':
      return `kept  ${path}: it holds other rules than ours`;
    case 'written':
      return `${wrote(dryRun)}  ${path}`;
    case 'absent':
      return 'Codex keeps `stopgate build` in its sandbox, where no build can be kept; to let it out: add --allow';
    default:
      return `unchanged  ${path}`;
  }
}

/** What a person has just allowed, in words. */
function allowedLines({ host, settings }: InstallReport, rules: RulesReport | null): string[] {
  const added =
    settings.kind === 'edited' &&
    settings.edits.some(({ op, event }) => op === 'add' && event === 'permissions.allow');
  if (host === 'claude' && added) return [CLAUDE_ALLOWS];
  return rules?.kind === 'written' ? [CODEX_ALLOWS] : [];
}

const CLAUDE_ALLOWS =
  'allowed: Claude Code runs the subcommands of `stopgate build` that only change its state, and `stopgate status`, ' +
  'unasked. It goes on asking before `start`, `wait`, `complete` and `phase complete`, which name or run a command.';
const CODEX_TRUSTS =
  'allowed: Codex runs these hooks, and no others of stopgate, as you and outside its sandbox.';
const CODEX_ALLOWS =
  'allowed: Codex runs `stopgate build` and `stopgate status` outside its sandbox, unasked. They only write the state of ' +
  "builds; a check of an agent runs inside the sandbox of that agent's session.";

function trustLines({ state, why, hint }: TrustReport): string[] {
  return [`Codex trust: ${state}${why ? ` (${why})` : ''}`, ...(hint ? [`  ${hint}`] : [])];
}

const AFTERWARDS = [
  'Undo: stopgate uninstall',
  'Switch off: STOPGATE_DISABLE=1 in the environment of the agent',
];
