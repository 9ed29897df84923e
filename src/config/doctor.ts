import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { listCorrupt } from '../build/store.ts';
import { messageOf } from '../errors.ts';
import { trustState } from '../hosts/codex/trust.ts';
import { previewSettings } from './apply.ts';
import { compiledBy } from './code.ts';
import { killSwitchFinding, settingsFindings } from './doctor-settings.ts';
import { applicationOf } from './install.ts';
import { isCurrentVersion } from './launcher.ts';
import { readManifest } from './manifest.ts';
import { projectOf } from './migrate.ts';
import { nodeVersion } from './node-path.ts';
import { isOurCommand } from './recognise.ts';
import { rehearse } from './rehearse.ts';
import { type Place, type Site, siteOf } from './site.ts';

/** One finding. `fixable`: `doctor --fix` mends it by installing again. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'broken';
  readonly what: string;
  readonly hint?: string;
  readonly fixable?: true;
}

/** Looks at everything that a hook needs to work; changes nothing. */
export async function examine(place: Place, version: string): Promise<Finding[]> {
  const sites = installedSites(place);
  const findings = [...surroundings(place), ...versions(place, sites, version)];
  for (const site of sites) findings.push(...(await examineSite(site)));
  findings.push(...doubled(sites.map(({ site }) => site)));
  return findings;
}

interface Installed {
  site: Site;
  place: Place;
}

/** The sites that the manifest records, each as seen from its own project. */
function installedSites(place: Place): Installed[] {
  return Object.values(readManifest(place.data).settings).map(({ host, scope, path }) => {
    const there = { ...place, project: projectOf(scope, path) ?? place.project };
    return { site: { ...siteOf(host, scope, there), path }, place: there };
  });
}

function surroundings(place: Place): Finding[] {
  const { state } = place;
  const corrupt = listCorrupt(state);
  const tmux = execaSync('tmux', ['-V'], { reject: false, timeout: 2_000 });
  return [
    killSwitchFinding(place),
    tmux.exitCode === 0
      ? { check: 'tmux', state: 'ok', what: tmux.stdout }
      : { check: 'tmux', state: 'warning', what: 'not found: owners are known by session id only' },
    stateFinding(state.root),
    corrupt.length === 0
      ? { check: 'state files', state: 'ok', what: 'none is corrupt' }
      : {
          check: 'state files',
          state: 'warning',
          what: `set aside as corrupt: ${corrupt.join(', ')}`,
          hint: 'Look at them, then move them away.',
        },
    ...settingsFindings(place),
  ];
}

function stateFinding(root: string): Finding {
  const check = 'state directory';
  const stat = statSync(root, { throwIfNoEntry: false });
  if (!stat) return { check, state: 'ok', what: `${root} (made when it is needed)` };
  try {
    accessSync(root, constants.W_OK | constants.X_OK);
  } catch (error) {
    const hint = 'Make it writable, or point STOPGATE_STATE_DIR at another one.';
    return { check, state: 'broken', what: `${root}: ${messageOf(error)}`, hint };
  }
  if ((stat.mode & 0o077) === 0) return { check, state: 'ok', what: root };
  const what = `${root} can be read by others (mode ${(stat.mode & 0o777).toString(8)})`;
  return { check, state: 'warning', what, hint: `chmod 700 ${root}` };
}

function versions(place: Place, sites: Installed[], version: string): Finding[] {
  if (sites.length === 0) {
    const hint = 'stopgate install --host claude --scope user';
    return [{ check: 'installed', state: 'warning', what: 'nothing is installed', hint }];
  }
  if (!sites.some(({ site }) => site.host !== 'claude' || site.scope !== 'project')) return [];
  return [
    isCurrentVersion(place.data, version)
      ? { check: 'version', state: 'ok', what: version }
      : {
          check: 'version',
          state: 'broken',
          what: `the hooks are not those of ${version}`,
          fixable: true,
        },
    nodeFinding(place.data),
  ];
}

function nodeFinding(data: string): Finding {
  const check = 'node';
  const recorded = join(data, 'node');
  const path = statSync(recorded, { throwIfNoEntry: false })
    ? readFileSync(recorded, 'utf8').trim()
    : '';
  const found = path === '' ? null : nodeVersion(path);
  if (found !== null) {
    const by = compiledBy(join(data, 'current'));
    if (by === found) return { check, state: 'ok', what: `${path} ${found}` };
    const what = `${path} ${found}; hooks are compiled for ${by ?? 'none'}, and start slower`;
    return { check, state: 'warning', what, fixable: true };
  }
  const what = `the recorded Node ${path || '(none)'} does not run; hooks fall back to PATH`;
  return { check, state: 'warning', what, fixable: true };
}

async function examineSite({ site, place }: Installed): Promise<Finding[]> {
  const check = `${site.host} ${site.scope}`;
  if (site.problem !== null) {
    return [{ check, state: 'broken', what: site.problem, hint: 'Repair that file.' }];
  }
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
function doubled(sites: readonly Site[]): Finding[] {
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
