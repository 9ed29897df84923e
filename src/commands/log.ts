import { Command } from 'commander';
import { type PrunedLog, pruneLogs } from '../logs/prune.ts';
import { logText } from '../logs/unreferenced.ts';
import { stateDir, statePaths } from '../state/paths.ts';
import { durationArgument } from './duration-argument.ts';
import { showOutcomes } from './outcomes.ts';

interface Flags {
  olderThan?: number;
  force?: true;
  dryRun?: true;
  json?: true;
}

/** `stopgate log prune --unreferenced`: removes logs that nothing recorded is named in. */
export function logCommand(): Command {
  const log = new Command('log');
  log
    .command('prune')
    .description('remove event logs that no record points to')
    .requiredOption('--unreferenced', 'only those in which nothing recorded is named')
    .option('--older-than <age>', 'only what is older, e.g. 30d', durationArgument)
    .option('--force', 'do it; without it, only say what would be done')
    .option('--dry-run', 'write nothing, whatever else is said')
    .option('--json', 'for programs')
    .action(prune);
  return log;
}

async function prune(flags: Flags): Promise<void> {
  const olderThanMs = flags.olderThan ?? null;
  const force = flags.force === true && !flags.dryRun;
  const pruned = await pruneLogs(statePaths(stateDir()), { olderThanMs, force });
  showOutcomes(pruned, flags.json === true, {
    text: ({ log }) => logText(log),
    json: asJson,
    about: { olderThanMs },
    hint: 'What cannot be read: stopgate session list',
  });
}

function asJson({ log }: PrunedLog): object {
  const { kind, path, modifiedAt, namedIn, trouble } = log;
  const modified = Number.isNaN(modifiedAt) ? null : new Date(modifiedAt).toISOString();
  return { kind, path, modifiedAt: modified, namedIn, trouble };
}
