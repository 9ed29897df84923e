import { existsSync } from 'node:fs';
import { errnoOf, StopgateError } from '../errors.ts';
import { codexRulesPath } from '../hosts/codex/rules.ts';
import type { Environment } from '../hosts/codex/settings-path.ts';
import { stateDir } from '../state/paths.ts';
import { type Denied, deniedIn } from './denied.ts';
import { obstacleIn } from './obstacle.ts';
import { systemFailureIn } from './system-failure.ts';

/** Turns whatever was thrown by `stopgate <words>` into what was expected, what was found, and what to do. */
export function asRefusal(
  error: unknown,
  words: readonly string[] = process.argv.slice(2),
  env: Environment = process.env,
): StopgateError {
  if (error instanceof StopgateError) return error;
  const code = errnoOf(error);
  const path = (error as NodeJS.ErrnoException).path ?? stateDir();
  const denied = deniedIn(error);
  if (denied !== null) {
    return new StopgateError(CODES[denied], `Cannot ${denied} ${path} (${code}).`, {
      hint: denied === 'write' ? unwritableHint(words, env) : permissionHint(path, denied),
      cause: error,
    });
  }
  const obstacle = obstacleIn(error);
  if (obstacle !== null) {
    const hint = 'Move it away, then run the command again.';
    return new StopgateError('obstructed', obstacle, { hint, cause: error });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StopgateError(
      'disk-full',
      `The disk that holds ${path} is full: it was not changed.`,
      {
        hint: 'Free some space, then run it again.',
        cause: error,
      },
    );
  }
  const failure = systemFailureIn(error);
  if (failure !== null) {
    return new StopgateError('system', failure.message, { hint: failure.hint, cause: error });
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new StopgateError('unexpected', `Unexpected failure: ${message}`, {
    hint: 'This is a defect of stopgate; nothing else was done.',
    cause: error,
  });
}

const CODES: Record<Denied, string> = {
  read: 'unreadable',
  write: 'read-only',
  run: 'not-executable',
};

function permissionHint(path: string, denied: Denied): string {
  return `You have to be allowed to ${denied} it, and to enter every folder above it; see: ls -ld ${shellWord(path)}`;
}

/** Says how the command that runs now gets out of the sandbox that it is in. */
export function outsideHint(
  words: readonly string[] = process.argv.slice(2),
  env: Environment = process.env,
): string {
  return unwritableHint(words, env);
}

/** Codex runs a command outside its sandbox only where a rule lets it, and only one that is nothing but that command. */
function unwritableHint(words: readonly string[], env: Environment): string {
  const command = ['stopgate', ...words].map(shellWord).join(' ');
  if (!env.CODEX_THREAD_ID && !env.CODEX_SESSION_ID) {
    return (
      `In a sandboxed shell tool, run it as a command of its own, outside the sandbox: ${command}\n` +
      'Elsewhere, make the directory writable or point STOPGATE_STATE_DIR at one that is.'
    );
  }
  if (words[0] !== 'build' && words[0] !== 'status') {
    return `Codex keeps this command in its sandbox. Run it in a terminal outside of Codex: ${command}`;
  }
  if (existsSync(codexRulesPath(env))) {
    return `Codex keeps compound commands in its sandbox. Run it as a command of its own: ${command}`;
  }
  return (
    'Codex keeps this command in its sandbox. In a terminal outside of Codex, once: stopgate install --host codex --allow\n' +
    `and then, in a new session: ${command}`
  );
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
