import { Command } from 'commander';
import { summarize, verdictLines } from '../cleanup/words.ts';
import { StopgateError } from '../errors.ts';
import { type PrunedLog, pruneLogs } from '../logs/prune.ts';
import { logText } from '../logs/unreferenced.ts';
import { stateDir, statePaths } from '../state/paths.ts';
import { durationArgument } from './duration-argument.ts';
import { print, printJson } from './print.ts';

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
  const summary = summarize(pruned.map(({ outcome }) => outcome));
  if (flags.json) printJson({ schema: 1, olderThanMs, items: pruned.map(asJson), summary });
  else print(...verdictLines(pruned.map(({ log, outcome }) => ({ outcome, text: logText(log) }))));
  if (summary.refused === 0) return;
  throw new StopgateError(
    'refused',
    `${summary.refused} of ${pruned.length} could not be judged or done.`,
    {
      hint: 'What is not known is kept. What cannot be read: stopgate session list',
    },
  );
}

function asJson({ log, outcome }: PrunedLog): object {
  const { kind, path, modifiedAt, namedIn, trouble } = log;
  const reason = 'reason' in outcome ? outcome.reason : null;
  const modified = Number.isNaN(modifiedAt) ? null : new Date(modifiedAt).toISOString();
  return { kind, path, modifiedAt: modified, namedIn, trouble, verdict: outcome.verdict, reason };
}
