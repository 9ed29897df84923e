import { readSettingsFile, userSettingsPath } from '../settings/read.ts';
import type { ShutdownRule } from '../settings/schema.ts';

/** What a person's own settings say of ending workers, and what is wrong with that file; a wrong one says nothing. */
export interface ShutdownSettings {
  rules: readonly ShutdownRule[];
  /** Background commands that no end waits for. */
  ignored: readonly string[];
  problem: string | null;
}

export function shutdownRules(env: Readonly<Record<string, string | undefined>>): ShutdownSettings {
  const path = userSettingsPath(env);
  const file = readSettingsFile(path);
  if (file.kind === 'bad') return { rules: [], ignored: [], problem: `${path}: ${file.why}` };
  const { shutdownAfterIdle = [], ignoreBackground = [] } =
    file.kind === 'settings' ? file.settings : {};
  return { rules: shutdownAfterIdle, ignored: ignoreBackground, problem: null };
}
