import { dirname, join } from 'node:path';
import { errnoOf } from '../../errors.ts';
import { commandLineOf } from '../../owner/command-line.ts';
import { readText, STATE_BYTES } from '../../state/read-file.ts';
import { managedDir, managedFiles } from './managed.ts';
import { claudeSettingsPath, SCOPES } from './settings-path.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * True unless nothing that is known of a session speaks of a sandbox: Claude Code tells a hook nothing of it, so any mention
 * in settings counts, and so does what cannot be read.
 */
export function mayBeSandboxed(cwd: string, env: Env, managed = managedDir()): boolean {
  const project = env.CLAUDE_PROJECT_DIR || cwd;
  const own = SCOPES.map((scope) => claudeSettingsPath(scope, project, env));
  const remote = join(dirname(own[0] ?? ''), 'remote-settings.json');
  try {
    const files = [...own, remote, ...managedFiles(managed)];
    return hasOwnSettings(Number(env.CLAUDE_PID)) || files.some(mentionsSandbox);
  } catch {
    return true;
  }
}

function hasOwnSettings(pid: number): boolean {
  const words = pid > 0 ? commandLineOf(pid) : null;
  return !words?.length || words.some((word) => /^--(settings|managed-settings)\b/.test(word));
}

function mentionsSandbox(path: string): boolean {
  try {
    return readText(path, STATE_BYTES).includes('"sandbox"');
  } catch (error) {
    return errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR';
  }
}
