import { Command, Option } from 'commander';
import { addStep, pause, release, resume, toPhase } from '../build/change.ts';
import { SIZES, type Size } from '../build/schema.ts';
import { START_PHASES, type StartPhase } from '../build/start.ts';
import { claimBuild } from './build/claim.ts';
import { completeBuild } from './build/complete.ts';
import { movePhase } from './build/phase.ts';
import { renewBuild } from './build/renew.ts';
import { showBuild, showHistory, showReport } from './build/show.ts';
import { startBuild } from './build/start.ts';
import { change } from './build/update.ts';
import { waitFor } from './build/wait.ts';
import { watchFor } from './build/watcher.ts';
import { durationArgument } from './duration-argument.ts';
import { idArgument } from './id-argument.ts';
import { wholeNumber } from './number-argument.ts';

/** `stopgate build …`: flags only; what each one does is in `commands/build/`. */
export function buildCommand(): Command {
  const build = new Command('build');

  build
    .command('start <task>')
    .description('start a build, owned by the agent that runs this')
    .addOption(
      new Option('--size <size>', 'how many reminders it may cost: 3, 5 or 10')
        .choices(Object.keys(SIZES))
        .default('standard'),
    )
    .option(
      '--check <command>',
      'a command that must succeed before complete; repeatable',
      collect,
      [],
    )
    .addOption(
      new Option('--phase <phase>', 'the phase that it begins in')
        .choices(START_PHASES)
        .default('executing'),
    )
    .option('--owner-session <id>', OWNER_SESSION, idArgument)
    .option('--owner-tmux <name>', OWNER_TMUX, idArgument)
    .option('--worktree [branch]', 'in a working tree of its own, on a new branch')
    .action((task: string, flags: StartFlags) =>
      startBuild({ task, checks: flags.check, ...flags }),
    );

  own(build.command('phase <phase>'), 'move to another phase')
    .option('--evidence <text>', 'what shows that the phase before is done')
    .action((phase: string, flags: Own & { evidence?: string }) =>
      movePhase(phase, flags.evidence, flags.build),
    );

  own(build.command('step <description>'), 'record a step that is done')
    .option('--tests <n>', 'how many tests there are', wholeNumber)
    .option('--passing <n>', 'how many of them pass', wholeNumber)
    .action((description: string, { build: id, tests, passing }: Own & StepFlags) => {
      const step = {
        description,
        ...(tests === undefined ? {} : { tests }),
        ...(passing === undefined ? {} : { passing }),
      };
      change(
        id,
        (b, at) => addStep(b, step, at),
        (b) => `step ${b.steps.length} recorded`,
      );
    });

  own(build.command('pause'), 'pause it for a question that only a person can answer')
    .requiredOption('--reason <text>', 'the question')
    .action((flags: Own & { reason: string }) =>
      change(
        flags.build,
        (b, at) => pause(b, flags.reason, at),
        () => 'paused; go on with: stopgate build resume',
      ),
    );

  own(build.command('resume'), 'go on where it was paused').action((flags: Own) =>
    change(flags.build, resume, (b) => `resumed in phase ${b.phase}`),
  );

  own(build.command('wait'), 'let its owner stop while something outside still runs')
    .addOption(new Option('--pid <pid>', 'a process').argParser(wholeNumber).conflicts('until'))
    .option('--until <command>', 'run this every few seconds until it succeeds')
    .addOption(
      new Option('--for <duration>', 'so long at most: 90s, 15m, 2h, 7d')
        .argParser(durationArgument)
        .default(HOUR_MS, '1h'),
    )
    .action(waitFor);

  build
    .command('watch <id> <deadline> <command>', { hidden: true })
    .description('what build wait --until leaves running')
    .action((id: string, deadline: string, command: string) =>
      watchFor(id, command, Number(deadline)),
    );

  own(build.command('complete'), 'run its checks and finish it').action((flags: Own) =>
    completeBuild(flags.build),
  );

  for (const [name, phase, what] of [
    ['fail', 'failed', 'end it: it cannot be done'],
    ['escalate', 'escalated', 'end it: a person has to take over'],
  ] as const) {
    own(build.command(name), what)
      .option('--evidence <text>', 'why')
      .action((flags: Own & { evidence?: string }) =>
        change(
          flags.build,
          (b, at) => toPhase(b, phase, at, flags.evidence),
          () => phase,
        ),
      );
  }

  build
    .command('claim <id>')
    .description('take up a build that has no owner, or whose owner is proven gone')
    .option('--owner-session <id>', OWNER_SESSION, idArgument)
    .option('--owner-tmux <name>', OWNER_TMUX, idArgument)
    .option('--force', 'also when nothing can tell whether its owner has ended (a person only)')
    .action(claimBuild);
  own(build.command('renew'), 'give its budget of reminders anew').action((flags: Own) =>
    renewBuild(flags.build),
  );
  own(build.command('release'), 'give it up: it stays open and holds nobody').action((flags: Own) =>
    change(flags.build, release, () => 'released; it has no owner now'),
  );

  listing(build.command('status'), 'show it').action(showBuild);
  listing(build.command('history'), 'list what changed and when').action(showHistory);
  listing(build.command('report'), 'sum it up').action(showReport);
  return build;
}

const OWNER_SESSION = 'own it by this session id';
const OWNER_TMUX = 'own it by the agent of this tmux session';
const HOUR_MS = 3_600_000;

interface Own {
  build?: string;
}

interface StartFlags {
  phase: StartPhase;
  size: Size;
  check: string[];
  worktree?: string | true;
  ownerSession?: string;
  ownerTmux?: string;
}

interface StepFlags {
  tests?: number;
  passing?: number;
}

function own(command: Command, description: string): Command {
  return command
    .description(description)
    .option('--build <id>', 'the build, from a plain terminal (default: the one this agent owns)');
}

function listing(command: Command, description: string): Command {
  return own(command, description).option('--json', 'for programs');
}

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}
