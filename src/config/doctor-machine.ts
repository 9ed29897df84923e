import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { listCorrupt } from '../build/store.ts';
import { messageOf } from '../errors.ts';
import { logObstacle, UNLOGGED_MEANS } from '../gate/log-obstacle.ts';
import { type Danger, dangerIn } from '../state/danger.ts';
import { findLitter } from '../state/litter.ts';
import { ignoredPlaces } from '../state/paths.ts';
import { readIfThere } from '../state/read-file.ts';
import { compiledBy } from './code.ts';
import type { Finding, Installed } from './doctor.ts';
import { killSwitchFinding, settingsFindings } from './doctor-settings.ts';
import { installedVersion } from './launcher.ts';
import { manifestPath, manifestState } from './manifest.ts';
import { nodeVersion } from './node-path.ts';
import { mendingHint } from './safe-state.ts';
import type { Place } from './site.ts';
import { isVendored } from './tree.ts';
import { isNewer } from './version-order.ts';

/** What hooks need of the machine, whatever is installed. */
export function surroundings(place: Place): Finding[] {
  return [
    ...stateFindings(place),
    tmuxFinding(),
    ...ignoredPlaces(place.env).map(ignoredFinding),
    ...settingsFindings(place),
  ];
}

function tmuxFinding(): Finding {
  const tmux = execaSync('tmux', ['-V'], { reject: false, timeout: 2_000 });
  return tmux.exitCode === 0
    ? { check: 'tmux', state: 'ok', what: tmux.stdout }
    : { check: 'tmux', state: 'warning', what: 'not found: owners are known by session id only' };
}

/** In a file where the directory belongs there is nothing to look at. */
function stateFindings(place: Place): Finding[] {
  const { root } = place.state;
  const danger = dangerIn(root);
  if (danger !== null) return [dangerFinding(danger)];
  const stat = statSync(root, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory()) {
    const rest = [...logFindings(place), corruptFinding(place), litterFinding(place)];
    return [killSwitchFinding(place), rootFinding(root, stat), ...rest];
  }
  const hint = 'Move it away.';
  return [{ check: 'state directory', state: 'broken', what: `${root} is a file`, hint }];
}

/** What is in it may be somebody else's, so nothing of it is looked at. */
function dangerFinding(danger: Danger): Finding {
  const what = `${danger.what}: hooks approve every stop, and commands refuse`;
  return { check: 'state directory', state: 'broken', what, hint: mendingHint(danger) };
}

function rootFinding(root: string, stat: Stats | undefined): Finding {
  const check = 'state directory';
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

/** Nothing is said while it can be written. */
function logFindings({ state }: Place): Finding[] {
  const why = logObstacle(state.gateLog);
  if (why === null) return [];
  const hint = `Move away what is in its place, or make room. Until then: ${UNLOGGED_MEANS}`;
  return [{ check: 'decision log', state: 'broken', what: `cannot be written: ${why}`, hint }];
}

function corruptFinding({ state }: Place): Finding {
  const check = 'state files';
  const corrupt = listCorrupt(state);
  if (corrupt.length === 0) return { check, state: 'ok', what: 'none is corrupt' };
  const what = `set aside as corrupt: ${corrupt.join(', ')}`;
  return { check, state: 'warning', what, hint: 'Look at them, then move them away.' };
}

function litterFinding(place: Place): Finding {
  const check = 'leftovers';
  const litter = findLitter(place.state, place.data);
  if (litter.length === 0) return { check, state: 'ok', what: 'none of a process that was killed' };
  const what = `of processes that were killed: ${litter.join(', ')}`;
  return { check, state: 'warning', what, fixable: true };
}

function ignoredFinding(name: string): Finding {
  const what = `${name} is not an absolute path, and therefore ignored`;
  return { check: 'environment', state: 'warning', what, hint: 'Make it absolute, or unset it.' };
}

/** What was installed, and the Node that it runs on. */
export function versions(place: Place, sites: Installed[], version: string): Finding[] {
  if (manifestState(place.data) === 'unreadable') {
    const what = `${manifestPath(place.data)} cannot be read: what was installed is not known`;
    const hint =
      'Run `stopgate install` again for each host and scope; the file is set aside with its bytes.';
    return [{ check: 'installed', state: 'broken', what, hint }];
  }
  if (sites.length === 0) {
    const hint = 'stopgate install --host claude --scope user';
    return [{ check: 'installed', state: 'warning', what: 'nothing is installed', hint }];
  }
  if (sites.every(({ site }) => isVendored(site))) return [];
  return [versionFinding(place.data, version), nodeFinding(place.data)];
}

function versionFinding(data: string, version: string): Finding {
  const check = 'version';
  const installed = installedVersion(data);
  if (installed === version) return { check, state: 'ok', what: version };
  if (installed !== null && isNewer(installed, version)) {
    const what = `the hooks are those of ${installed}, and this stopgate is ${version}`;
    return { check, state: 'warning', what, hint: 'Update this stopgate.' };
  }
  return { check, state: 'broken', what: `the hooks are not those of ${version}`, fixable: true };
}

function nodeFinding(data: string): Finding {
  const check = 'node';
  const path = readIfThere(join(data, 'node'))?.trim() ?? '';
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
