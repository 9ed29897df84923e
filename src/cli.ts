import { Command, CommanderError } from 'commander';
import { followUpdate } from './commands/follow-update.ts';
import { printError, printRefusal, printText } from './commands/print.ts';
import { assertSafeState } from './config/safe-state.ts';
import { leaveGoneDir } from './cwd.ts';
import { errnoOf } from './errors.ts';
import { VERSION } from './version.ts';

/** What a command does, in a line, and what builds it: only the one that is asked for is loaded. */
interface Listed {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Listed>> = {
  install: {
    summary: "register the hooks in a host's settings",
    load: async () => (await import('./commands/install.ts')).installCommand(),
  },
  migrate: {
    summary: 'bring everything that was installed to this version',
    load: async () => (await import('./commands/migrate.ts')).migrateCommand(),
  },
  uninstall: {
    summary: 'take the hooks and our own files out again; builds and logs stay',
    load: async () => (await import('./commands/uninstall.ts')).uninstallCommand(),
  },
  doctor: {
    summary: 'run every registered hook with a made-up event, and check what they need',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  build: {
    summary: 'a piece of work that one session owns',
    load: async () => (await import('./commands/build.ts')).buildCommand(),
  },
  gate: {
    summary: 'what happens at a stop, and what happened',
    load: async () => (await import('./commands/gate.ts')).gateCommand(),
  },
  run: {
    summary: 'start an agent with a role bound to its process, or in a tmux session of its own',
    load: async () => (await import('./commands/run.ts')).runCommand(),
  },
  status: {
    summary: 'show the builds on this machine',
    load: async () => (await import('./commands/status.ts')).statusCommand(),
  },
  session: {
    summary: 'what is left behind: report it, keep it, remove what is proven finished and ours',
    load: async () => (await import('./commands/session.ts')).sessionCommand(),
  },
  log: {
    summary: 'our own event logs',
    load: async () => (await import('./commands/log.ts')).logCommand(),
  },
  worktree: {
    summary: 'working trees that builds were done in: report on them, and remove finished ones',
    load: async () => (await import('./commands/worktree.ts')).worktreeCommand(),
  },
};

/** The one place that catches: exit 0 done, 1 refused or failed for a stated reason, 2 usage. */
async function main(argv: string[]): Promise<number> {
  const program = new Command('stopgate')
    .description('Stop hooks that hold only the one agent that owns unfinished work.')
    .version(VERSION)
    .configureHelp({ showGlobalOptions: true });
  for (const command of await commandsFor(argv)) program.addCommand(command);
  program.hook('preAction', async (_, action) => {
    const command = topCommand(program, action);
    // Doctor says so among what else it finds.
    if (command !== 'doctor') assertSafeState();
    await followUpdate(command);
  });
  onUsageErrors(program);
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { asRefusal } = await import('./commands/refusal.ts');
    const refusal = asRefusal(error);
    printRefusal(refusal);
    return refusal.exitCode;
  }
}

/** All commands; those that `argv` does not name are there for the list in the help only. */
function commandsFor(argv: string[]): Promise<Command[]> {
  const words = argv.slice(2).filter((word) => !word.startsWith('-'));
  const asked = words[0] === 'help' ? words[1] : words[0];
  const commands = Object.entries(COMMANDS).map(async ([name, { summary, load }]) => {
    const command = name === asked ? await load() : new Command(name);
    return command.description(summary);
  });
  return Promise.all(commands);
}

/** The command below `program` that `action` belongs to: `build` for `build start`. */
function topCommand(program: Command, action: Command): string {
  if (action.parent === null || action.parent === program) return action.name();
  return topCommand(program, action.parent);
}

/** Commander keeps these for one command alone: each says what to do next, prints through our door, and ends no process. */
function onUsageErrors(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for what is expected)');
  command.configureOutput({
    writeOut: (text) => printText('stdout', text),
    writeErr: (text) => printText('stderr', text),
    // A word of the command line may hold a line break, and none of its lines shall pass for ours.
    outputError: (text, write) => write(`${text.trimEnd().replaceAll('\n', '\n  ')}\n`),
  });
  command.commands.forEach(onUsageErrors);
}

/**
 * Whoever reads what we print may leave early, as `head` does: the command goes on to its end all the same. A stdout that
 * cannot be written for another reason, a full disk for one, makes the command fail.
 */
for (const name of ['stdout', 'stderr'] as const) {
  process[name].on('error', (error) => {
    if (errnoOf(error) === 'EPIPE') return;
    process.exitCode = 1;
    if (name === 'stdout') printError(`stopgate: Cannot write to stdout (${errnoOf(error)}).`);
  });
}

leaveGoneDir();
process.exitCode = (await main(process.argv)) || process.exitCode || 0;
