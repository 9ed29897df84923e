import { Command } from 'commander';
import { StopgateError } from '../errors.ts';
import { identifyCaller } from '../owner/caller.ts';
import { endAs, runForeground } from '../run/foreground.ts';
import { bindRole, type Role, unbindRole } from '../shutdown/role.ts';
import { ROLE_NAME } from '../shutdown/role-name.ts';
import { stateDir, statePaths } from '../state/paths.ts';

/** `stopgate run`: starts an agent in the foreground and binds a role to its process, for as long as that lives. */
export function runCommand(): Command {
  return new Command('run')
    .requiredOption('--role <role>', 'what the worker is, as in shutdownAfterIdle of the settings')
    .argument('<command...>', 'the command and its arguments, after --')
    .usage('--role R -- COMMAND…')
    .action(run);
}

async function run(command: string[], { role }: { role: string }): Promise<void> {
  if (!ROLE_NAME.test(role)) {
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
  const { pane } = identifyCaller();
  let bound: Role | null = null;
  const ending = await runForeground(command, (agent) => {
    bound = bindRole(paths, role, agent, new Date().toISOString(), pane);
  });
  if (bound !== null) quietly(() => unbindRole(paths, bound as Role));
  endAs(ending);
}

/** What is left of a role whose process is gone means nothing, so a full disk must not change the exit code. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The next `stopgate run` clears it.
  }
}
