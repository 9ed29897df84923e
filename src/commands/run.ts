import { Command } from 'commander';
import { requireDir } from '../cwd.ts';
import { StopgateError } from '../errors.ts';
import { paneOf } from '../owner/pane-of.ts';
import { endAs, runForeground } from '../run/foreground.ts';
import { startInTmux } from '../session/start-in-tmux.ts';
import { bindRole, type Role, unbindRole } from '../shutdown/role.ts';
import { ROLE_NAME } from '../shutdown/role-name.ts';
import { type StatePaths, stateDir, statePaths } from '../state/paths.ts';
import { print } from './print.ts';

interface Flags {
  role?: string;
  tmux?: string;
}

/** `stopgate run`: starts an agent in the foreground and binds a role to its process, for as long as that lives. */
export function runCommand(): Command {
  return new Command('run')
    .option('--role <role>', 'what the worker is, as in shutdownAfterIdle of the settings')
    .option('--tmux <name>', 'start it in a new, detached tmux session of ours instead')
    .argument('<command...>', 'the command and its arguments, after --')
    .usage('[--role R] [--tmux NAME] -- COMMAND…')
    .action(run);
}

async function run(command: string[], { role, tmux }: Flags): Promise<void> {
  if (role === undefined && tmux === undefined) {
    throw new StopgateError('usage', 'Expected --role, or --tmux, or both.', { exitCode: 2 });
  }
  if (role !== undefined && !ROLE_NAME.test(role)) {
    throw new StopgateError(
      'usage',
      `Not a role: expected a word like "intake", found "${role}".`,
      {
        hint: 'A role has up to 64 letters, digits, dots, dashes and underscores.',
        exitCode: 2,
      },
    );
  }
  const paths = statePaths(stateDir());
  if (tmux !== undefined) return startDetached(paths, tmux, role ?? null, command);
  return runBound(paths, role ?? '', command);
}

async function runBound(paths: StatePaths, role: string, command: string[]): Promise<void> {
  requireDir();
  let bound: Role | null = null;
  const ending = await runForeground(command, (agent) => {
    bound = bindRole(paths, role, agent, new Date().toISOString(), paneOf(agent.pid));
  });
  if (bound !== null) quietly(() => unbindRole(paths, bound as Role));
  endAs(ending);
}

/** With a role, the pane runs `stopgate run` again, which binds it; without one it runs the command itself. */
async function startDetached(
  paths: StatePaths,
  name: string,
  role: string | null,
  command: string[],
): Promise<void> {
  const self = [process.execPath, process.argv[1] ?? '', 'run', '--role', role ?? '', '--'];
  const program = role === null ? command : [...self, ...command];
  const cwd = requireDir();
  const { pane, mark } = await startInTmux(paths, { name, role, command, program, cwd });
  print(`${pane.sessionId}  ${pane.sessionName}  ${mark}`);
}

/** What is left of a role whose process is gone means nothing, so a full disk must not change the exit code. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The next `stopgate run` clears it.
  }
}
