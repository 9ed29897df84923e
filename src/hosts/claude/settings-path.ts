import { join, resolve } from 'node:path';
import { homeDir } from '../../state/paths.ts';

export const SCOPES = ['user', 'project', 'local'] as const;
export type Scope = (typeof SCOPES)[number];

/** The settings file that Claude Code reads in a scope, for sessions started in `project`. */
export function claudeSettingsPath(
  scope: Scope,
  project: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  switch (scope) {
    case 'user': {
      const dir = env.CLAUDE_CONFIG_DIR || join(homeDir(env), '.claude');
      return resolve(dir, 'settings.json');
    }
    case 'project':
      return join(project, '.claude', 'settings.json');
    case 'local':
      return join(project, '.claude', 'settings.local.json');
    default:
      return scope satisfies never;
  }
}
