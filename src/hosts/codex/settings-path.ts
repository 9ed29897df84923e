import { basename, dirname, join, resolve } from 'node:path';
import { commonDirOf, gitDirOf } from '../../build/head.ts';
import { StopgateError } from '../../errors.ts';
import { homeDir } from '../../state/paths.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The file whose hooks Codex loads in a scope, for sessions started in `project`.
 * @throws StopgateError `no-such-scope` for `local`, which Codex doesn't have.
 */
export function codexHooksPath(
  scope: 'user' | 'project' | 'local',
  project: string,
  env: Environment,
): string {
  switch (scope) {
    case 'user':
      return join(codexHome(env), 'hooks.json');
    case 'project':
      return join(mainCheckoutOf(project), '.codex', 'hooks.json');
    case 'local':
      throw new StopgateError('no-such-scope', 'Codex has no local scope.', {
        hint: 'Use --scope user, or --scope project for a file that belongs to the repository.',
        exitCode: 2,
      });
    default:
      return scope satisfies never;
  }
}

/** The directory that holds Codex's settings, its hooks and its rules. */
export function codexHome(env: Environment): string {
  return resolve(env.CODEX_HOME || join(homeDir(env), '.codex'));
}

/** The checkout that a linked worktree belongs to; anything else is its own. Read from git's files, without git. */
function mainCheckoutOf(checkout: string): string {
  const gitDir = gitDirOf(checkout);
  const common = commonDirOf(gitDir);
  return common !== gitDir && basename(common) === '.git' ? dirname(common) : checkout;
}
