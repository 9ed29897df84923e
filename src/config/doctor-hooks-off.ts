import { managedDir, managedFiles } from '../hosts/claude/managed.ts';
import { claudeSettingsPath, SCOPES } from '../hosts/claude/settings-path.ts';
import type { Finding } from './doctor.ts';
import { parseDocument } from './document.ts';
import { field } from './nodes.ts';
import type { Place } from './site.ts';
import { takeSnapshot } from './snapshot.ts';

/** Settings under which Claude Code runs no hook of ours: a person's own, a project's, and those of an administrator. */
export function hooksOff({ project, env }: Place, managed = managedDir()): Finding[] {
  const own = SCOPES.map((scope) => claudeSettingsPath(scope, project, env));
  return [
    ...own.filter(says('disableAllHooks')).map((path) => noHook(path, 'disableAllHooks')),
    ...managedFiles(managed).flatMap((path) =>
      ['disableAllHooks', 'allowManagedHooksOnly']
        .filter((key) => says(key)(path))
        .map((key) => noHook(path, key, 'It is for the administrator of this machine to change.')),
    ),
  ];
}

function noHook(path: string, key: string, hint = 'Remove that key.'): Finding {
  const what = `${path} says "${key}": Claude Code runs no hook of stopgate`;
  return { check: 'claude hooks', state: 'warning', what, hint };
}

function says(key: string) {
  return (path: string): boolean => {
    try {
      const document = parseDocument(takeSnapshot(path)?.text ?? '');
      if (document.kind === 'refuse') return false;
      return field(document.root ?? undefined, key)?.value === true;
    } catch {
      return false;
    }
  };
}
