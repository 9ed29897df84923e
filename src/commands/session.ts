import { Command } from 'commander';
import { durationArgument } from './duration-argument.ts';
import { deleteNamed } from './session/delete.ts';
import { keepNamed, releaseNamed } from './session/keep.ts';
import { listRecords } from './session/list.ts';
import { pruneSessions } from './session/prune.ts';
import { reportSessions } from './session/report.ts';

const NAME = "a session id, a tmux session's whole name or $id, or a mark";

/** `stopgate session …`: flags only; what each one does is in `commands/session/`. */
export function sessionCommand(): Command {
  const session = new Command('session');

  session
    .command('list')
    .description(
      'the newest 200 recorded sessions, and whether each lives (all of them with --json)',
    )
    .option('--json', 'for programs')
    .action(listRecords);

  session
    .command('report')
    .description('every tmux session and every record, with its class and the reason')
    .option('--older-than <age>', 'only what is older may go, e.g. 7d', durationArgument)
    .option('--plan <file>', 'write what a cleanup would do, for session prune --plan')
    .option('--dry-run', 'write nothing, the plan neither')
    .option('--json', 'for programs, with all evidence')
    .action(reportSessions);

  session
    .command('keep')
    .description('keep a session until it is released')
    .argument('<name>', NAME)
    .requiredOption('--reason <text>', 'why')
    .option('--dry-run', 'only say what would be kept')
    .option('--json', 'for programs')
    .action(keepNamed);

  session
    .command('release')
    .description('let a session go: it is not kept any more, and may be cleaned up once it is idle')
    .argument('<name>', NAME)
    .option('--dry-run', 'only say what would be released')
    .option('--json', 'for programs')
    .action(releaseNamed);

  acting(session.command('delete'))
    .description('remove the record of one session that is over; logs, transcripts and builds stay')
    .argument('<name>', NAME)
    .action(deleteNamed);

  acting(session.command('prune'))
    .description('end what is finished and ours, and remove the records of what is over')
    .option('--older-than <age>', 'only what is older, e.g. 7d', durationArgument)
    .option('--plan <file>', 'only what this plan holds, if it still holds')
    .action(pruneSessions);

  return session;
}

function acting(command: Command): Command {
  return command
    .option('--force', 'do it; without it, only say what would be done')
    .option('--dry-run', 'write nothing, whatever else is said')
    .option('--json', 'for programs');
}
