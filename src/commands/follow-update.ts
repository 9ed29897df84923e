import { installedVersion } from '../config/launcher.ts';
import { migrate } from '../config/migrate.ts';
import { placeOf } from '../config/site.ts';
import { messageOf } from '../errors.ts';
import { VERSION } from '../version.ts';
import { thisRelease } from './release.ts';

/** These look at or change what is installed themselves. */
const OWN_BUSINESS = ['install', 'migrate', 'uninstall', 'doctor'];

/**
 * After an update of the package its first command brings what was installed along, and says so in one line on stderr.
 * An older stopgate on the same machine changes nothing, and a failure here fails no command.
 */
export function followUpdate(command: string): void {
  if (OWN_BUSINESS.includes(command)) return;
  try {
    const place = placeOf(process.cwd(), process.env);
    const installed = installedVersion(place.data);
    if (installed === null || installed.localeCompare(VERSION, 'en', { numeric: true }) >= 0)
      return;
    migrate(place, thisRelease(), false);
    process.stderr.write(`stopgate: brought the installed hooks to ${VERSION}\n`);
  } catch (error) {
    process.stderr.write(`stopgate: could not update the installed hooks (${messageOf(error)})\n`);
  }
}
