import { join } from 'node:path';
import { CLAUDE_RULES, claudeEntries } from '../hosts/claude/entries.ts';
import { claudeSettingsPath, type Scope } from '../hosts/claude/settings-path.ts';
import { CODEX_RULES, codexEntries } from '../hosts/codex/entries.ts';
import { codexHooksPath } from '../hosts/codex/settings-path.ts';
import { checkoutOf } from '../owner/checkout.ts';
import type { HostId } from '../owner/identity.ts';
import { toolsFor } from '../shutdown/rule.ts';
import { shutdownRules } from '../shutdown/rules.ts';
import { dataDir, type StatePaths, stateDir, statePaths } from '../state/paths.ts';
import { guarded } from './guard.ts';
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
  /** What is wrong with the settings that the entries follow: nothing is written while that is so. */
  readonly problem: string | null;
}

/**
 * The entries follow the person's settings, so what goes into a file for everybody leaves them out.
 * @throws StopgateError for a scope that the host does not have.
 */
export function siteOf(host: HostId, scope: Scope, place: Place): Site {
  const launcher = guarded(launcherWord(place.data, place.env.HOME ?? ''));
  const { rules, problem } = shutdownRules(place.env);
  const tools = toolsFor(rules, host);
  switch (host) {
    case 'claude': {
      const path = claudeSettingsPath(scope, place.project, place.env);
      const entries =
        scope === 'project' ? claudeEntries(VENDORED_LAUNCHER) : claudeEntries(launcher, tools);
      return { host, scope, path, rules: CLAUDE_RULES, entries, problem };
    }
    case 'codex': {
      const path = codexHooksPath(scope, place.project, place.env);
      const entries = codexEntries(launcher, scope === 'project' ? [] : tools);
      return { host, scope, path, rules: CODEX_RULES, entries, problem };
    }
    default:
      return host satisfies never;
  }
}

/** A hook's working directory moves with the model; the project's directory does not (docs/hosts.md, Registration). */
const VENDORED_LAUNCHER = guarded('"$CLAUDE_PROJECT_DIR/.claude/stopgate/bin/stopgate-hook"');

/** The directory of the project's own copy of the launcher and its bundles. */
export function vendorDir(project: string): string {
  return join(project, '.claude', 'stopgate');
}
