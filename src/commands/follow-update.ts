import { installedVersion } from '../config/launcher.ts';
import { isNewer } from '../config/version-order.ts';
import { messageOf } from '../errors.ts';
import { dataDir } from '../state/paths.ts';
import { VERSION } from '../version.ts';
import { printError } from './print.ts';

/** These look at or change what is installed themselves; and a cleanup that only reports writes nothing at all. */
const OWN_BUSINESS = ['install', 'migrate', 'uninstall', 'doctor', 'session', 'log', 'worktree'];

/**
 * After an update of the package its first command brings what was installed along, and says so on stderr.
 * An older stopgate on the same machine changes nothing, and a failure here fails no command.
 */
export async function followUpdate(command: string): Promise<void> {
  if (OWN_BUSINESS.includes(command)) return;
  try {
    const installed = installedVersion(dataDir());
    if (installed === null || !isNewer(VERSION, installed)) return;
    const { migrateQuietly } = await import('./migrate.ts');
    const { refused, toDo } = await migrateQuietly();
    for (const line of toDo) printError(`stopgate: ${line}`);
    if (refused[0] !== undefined) throw new Error(refused[0]);
    printError(`stopgate: brought the installed hooks to ${VERSION}`);
  } catch (error) {
    printError(`stopgate: could not update the installed hooks (${messageOf(error)})`);
  }
}
