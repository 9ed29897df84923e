import { homedir } from 'node:os';
import { join } from 'node:path';
import { CLAUDE_RULES, claudeEntries } from '../hosts/claude/entries.ts';
import { claudeSettingsPath, type Scope } from '../hosts/claude/settings-path.ts';
import { checkoutOf } from '../owner/checkout.ts';
import { dataDir, stateDir, statePaths } from '../state/paths.ts';
import { type Application, type Applied, applySettings, previewSettings } from './apply.ts';
import { sha256 } from './backup.ts';
import {
  isCurrentVersion,
  launcherFiles,
  launcherWord,
  outdatedFiles,
  placeFiles,
  switchVersion,
} from './launcher.ts';
import { readManifest, updateManifest } from './manifest.ts';
import { NO_ORIGIN, planSettings } from './plan.ts';

export interface InstallRequest {
  readonly scope: Scope;
  readonly dryRun: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly packageRoot: string;
  readonly version: string;
  readonly node: string;
}

export interface InstallReport {
  readonly host: 'claude';
  readonly scope: Scope;
  readonly dryRun: boolean;
  readonly settings: Applied & { readonly path: string };
  /** Files of our own that were (or would be) written. */
  readonly files: readonly string[];
  readonly entries: readonly { readonly event: string; readonly command: string }[];
}

/** Installs for Claude Code: our files first, then the settings that name them; nothing at all where it refuses. */
export function installClaude(request: InstallRequest): InstallReport {
  const { scope, env, dryRun, version } = request;
  const data = dataDir(env);
  const state = statePaths(stateDir(env));
  const entries = claudeEntries(launcherWord(data, env.HOME || homedir()));
  const path = claudeSettingsPath(scope, checkoutOf(request.cwd), env);
  const files = launcherFiles(request.packageRoot, version, request.node);
  const outdated = outdatedFiles(data, files);
  const switching = !isCurrentVersion(data, version);
  const application: Application = {
    path,
    state,
    plan: (current, origin) => planSettings(current, entries, CLAUDE_RULES, origin),
    originOf: (target) => readManifest(data).settings[target]?.origin ?? NO_ORIGIN,
    record(target, text, origin) {
      const names = entries.map(({ event, command }) => ({ event, command }));
      const hash = sha256(text);
      const record = {
        host: 'claude',
        scope,
        path,
        entries: names,
        origin: { ...origin },
        sha256: hash,
      };
      updateManifest(data, state, (manifest) => ({
        ...manifest,
        settings: { ...manifest.settings, [target]: { ...manifest.settings[target], ...record } },
      }));
    },
  };
  const preview = previewSettings(application);
  const touched = outdated.map((file) => join(data, file.path));
  if (switching) touched.push(join(data, 'current'));
  const report = { host: 'claude', scope, dryRun, files: touched, entries } as const;
  if (dryRun) return { ...report, settings: { ...preview, path } };

  placeFiles(data, outdated);
  if (switching) switchVersion(data, version);
  if (outdated.length > 0) {
    const hashes = files.map((file) => [file.path, sha256(file.text)]);
    updateManifest(data, state, (manifest) => ({
      ...manifest,
      files: { ...manifest.files, ...Object.fromEntries(hashes) },
    }));
  }
  return { ...report, settings: { ...applySettings(application), path } };
}
