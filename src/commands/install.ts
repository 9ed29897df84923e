import { Command, Option } from 'commander';
import pc from 'picocolors';
import { type InstallReport, installClaude } from '../config/install.ts';
import { packageRoot } from '../config/launcher.ts';
import { lastingNode, nodeCandidates, nodeVersion } from '../config/node-path.ts';
import { SCOPES, type Scope } from '../hosts/claude/settings-path.ts';
import { VERSION } from '../version.ts';

/** `stopgate install`: puts the launcher in place and registers it in a host's settings. */
export function installCommand(): Command {
  return new Command('install')
    .description('register the Stop hook in the settings of a host')
    .addOption(
      new Option('--host <host>', 'the agent program').choices(['claude']).default('claude'),
    )
    .addOption(
      new Option('--scope <scope>', 'which of its settings').choices([...SCOPES]).default('user'),
    )
    .option('--dry-run', 'show the difference and write nothing', false)
    .option('--json', 'print one JSON object', false)
    .action((options: { scope: Scope; dryRun: boolean; json: boolean }) => {
      const report = installClaude({
        scope: options.scope,
        dryRun: options.dryRun,
        cwd: process.cwd(),
        env: process.env,
        packageRoot: packageRoot(),
        version: VERSION,
        node: lastingNode(process.execPath, nodeCandidates(process.env), nodeVersion),
      });
      const text = options.json ? JSON.stringify(report, null, 2) : describe(report);
      process.stdout.write(`${text}\n`);
    });
}

function describe(report: InstallReport): string {
  const { settings, files, dryRun } = report;
  const wrote = dryRun ? 'would write' : 'wrote';
  const lines = files.map((path) => `${wrote}  ${path}`);
  if (settings.kind === 'edited') {
    lines.push(`${wrote}  ${settings.target}`, '', ...coloured(settings.diff), '');
  } else {
    lines.push(`unchanged  ${settings.target}: already registered`);
  }
  if (!dryRun) lines.push(...afterwards(settings));
  return lines.join('\n');
}

function afterwards(settings: InstallReport['settings']): string[] {
  const copy = settings.kind === 'edited' ? settings.backup : null;
  return [
    `Undo: take the group with stopgate-hook out of ${settings.target}`,
    ...(copy === null ? [] : [`      (as it was before: ${copy})`]),
    'Switch off: STOPGATE_DISABLE=1 in the environment of the agent',
  ];
}

function coloured(diff: string): string[] {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (line.startsWith('+')) return pc.green(line);
      return line.startsWith('-') ? pc.red(line) : line;
    });
}
