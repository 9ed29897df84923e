import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { buildCommand } from './commands/build.ts';
import { doctorCommand } from './commands/doctor.ts';
import { followUpdate } from './commands/follow-update.ts';
import { installCommand } from './commands/install.ts';
import { migrateCommand } from './commands/migrate.ts';
import { asRefusal } from './commands/refusal.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { VERSION } from './version.ts';

const COMMANDS = [
  installCommand,
  migrateCommand,
  uninstallCommand,
  doctorCommand,
  buildCommand,
  runCommand,
  statusCommand,
];

/** The one place that catches: exit 0 done, 1 refused or failed for a stated reason, 2 usage. */
async function main(argv: string[]): Promise<number> {
  const program = new Command('stopgate')
    .description('Stop hooks that hold only the one agent that owns unfinished work.')
    .version(VERSION)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for what is expected)');
  for (const command of COMMANDS) program.addCommand(command());
  program.hook('preAction', (_, action) => followUpdate(topCommand(program, action)));
  throwInsteadOfExit(program);
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const refusal = asRefusal(error);
    process.stderr.write(`${pc.red('stopgate:')} ${refusal.message}\n`);
    if (refusal.hint) process.stderr.write(`${refusal.hint}\n`);
    return refusal.exitCode;
  }
}

/** The command below `program` that `action` belongs to: `build` for `build start`. */
function topCommand(program: Command, action: Command): string {
  if (action.parent === null || action.parent === program) return action.name();
  return topCommand(program, action.parent);
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
}

process.exitCode = await main(process.argv);
