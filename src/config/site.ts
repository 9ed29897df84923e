import { homedir } from 'node:os';
import { join } from 'node:path';
import { CLAUDE_RULES, claudeEntries } from '../hosts/claude/entries.ts';
import { claudeSettingsPath, type Scope } from '../hosts/claude/settings-path.ts';
import { CODEX_RULES, codexEntries } from '../hosts/codex/entries.ts';
import { codexHooksPath } from '../hosts/codex/settings-path.ts';
import { checkoutOf } from '../owner/checkout.ts';
import type { HostId } from '../owner/identity.ts';
import { dataDir, type StatePaths, stateDir, statePaths } from '../state/paths.ts';
import { launcherWord } from './launcher.ts';
import type { Entry, HostRules } from './types.ts';

/** Where a command runs, and what of ours and of the hosts lies where. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly project: string;
  readonly data: string;
  readonly state: StatePaths;
}

export function placeOf(cwd: string, env: Place['env']): Place {
  return {
    env,
    project: checkoutOf(cwd),
    data: dataDir(env),
    state: statePaths(stateDir(env)),
  };
}

/** One settings file of one host, and the entries of ours that belong into it. */
export interface Site {
  readonly host: HostId;
  readonly scope: Scope;
  readonly path: string;
  readonly rules: HostRules;
  readonly entries: readonly Entry[];
}

/** @throws StopgateError for a scope that the host does not have. */
export function siteOf(host: HostId, scope: Scope, place: Place): Site {
  const launcher = launcherWord(place.data, place.env.HOME || homedir());
  switch (host) {
    case 'claude': {
      const path = claudeSettingsPath(scope, place.project, place.env);
      const entries = claudeEntries(scope === 'project' ? VENDORED_LAUNCHER : launcher);
      return { host, scope, path, rules: CLAUDE_RULES, entries };
    }
    case 'codex': {
      const path = codexHooksPath(scope, place.project, place.env);
      return { host, scope, path, rules: CODEX_RULES, entries: codexEntries(launcher) };
    }
    default:
      return host satisfies never;
  }
}

/** A hook's working directory moves with the model; the project's directory does not (HOSTS.md, Registration). */
const VENDORED_LAUNCHER = '"$CLAUDE_PROJECT_DIR/.claude/stopgate/bin/stopgate-hook"';

/** The directory of the project's own copy of the launcher and its bundles. */
export function vendorDir(project: string): string {
  return join(project, '.claude', 'stopgate');
}
