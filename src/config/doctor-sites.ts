import { existsSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { trustState } from '../hosts/codex/trust.ts';
import { previewSettings } from './apply.ts';
import type { Finding, Installed } from './doctor.ts';
import { hooksOff } from './doctor-hooks-off.ts';
import { applicationOf } from './install.ts';
import { isOurCommand } from './recognise.ts';
import { rehearse } from './rehearse.ts';
import type { Place, Site } from './site.ts';

/** Whether one settings file is as it was installed, and each command in it answers. */
export async function examineSite({ site, place }: Installed): Promise<Finding[]> {
  const check = `${site.host} ${site.scope}`;
  if (site.scope !== 'user' && !existsSync(place.project))
    return [{ check, state: 'ok', what: `${site.path}: its project is not there` }];
  if (site.problem !== null)
    return [{ check, state: 'broken', what: site.problem, hint: 'Repair that file.' }];
  try {
    const preview = previewSettings(applicationOf(site, place, site.entries));
    if (preview.kind === 'edited') {
      const events = preview.edits.map(({ op, event }) => `${op} ${event}`).join(', ');
      const what = `${site.path} is not as it was installed; to be done: ${events}`;
      return [{ check, state: 'broken', what, fixable: true }];
    }
  } catch (error) {
    return [{ check, state: 'broken', what: messageOf(error), hint: 'Repair that file.' }];
  }
  const findings: Finding[] = [
    { check, state: 'ok', what: `${site.entries.length} entries in ${site.path}` },
  ];
  for (const entry of site.entries) {
    const problem = await rehearse(entry, place);
    if (problem === null) continue;
    const what = `${entry.event}: ${entry.command}: ${problem}`;
    findings.push({ check, state: 'broken', what, fixable: true });
  }
  if (site.host === 'claude') findings.push(...hooksOff(place));
  if (site.host === 'codex') findings.push(await trustFinding(site, place));
  return findings;
}

async function trustFinding(site: Site, place: Place): Promise<Finding> {
  const where = { env: place.env, cwd: place.project, hooksFile: site.path, isOurs: isOurCommand };
  const { state, why, hint } = await trustState(where);
  const check = 'codex trust';
  if (hint === null) return { check, state: 'ok', what: state };
  return { check, state: 'warning', what: why ? `${state}: ${why}` : state, hint };
}

/** Of two calls for one event one answers (src/io/twin.ts), where the kernel tells when each was started. */
export function doubled(sites: readonly Site[]): Finding[] {
  return (['claude', 'codex'] as const).flatMap((host): Finding[] => {
    const own = sites.filter((site) => site.host === host);
    const commands = new Set(own.map(({ entries }) => entries[0]?.command));
    if (own.length < 2 || (host === 'claude' && commands.size < 2)) return [];
    const paths = own.map(({ path }) => path).join(', ');
    const check = `${host} scopes`;
    if (process.platform === 'linux')
      return [{ check, state: 'ok', what: `each event is answered once, of: ${paths}` }];
    const what = `the hooks run once for each of: ${paths}`;
    const hint = 'Where both apply, keep one: stopgate uninstall --host … --scope …';
    return [{ check, state: 'warning', what, hint }];
  });
}
