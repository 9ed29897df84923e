import { withoutGuard } from './guard.ts';
import { shellWords } from './shell-words.ts';

/** Every verb that a released launcher has taken. */
const VERBS = [
  'build-stop',
  'stop-gate-router',
  'shutdown-after-idle',
  'session',
  'prompt',
] as const;

/**
 * True when a registered command is one that we wrote: our launcher, in any scope and quoting, followed by one of
 * our verbs, with our guard before it or nothing. A command in which a person wraps the launcher is the person's.
 */
export function isOurCommand(command: string): boolean {
  const [path, verb] = withoutGuard(shellWords(command) ?? []);
  if (path === undefined || verb === undefined) return false;
  return LAUNCHER.test(path) && (VERBS as readonly string[]).includes(verb);
}

const LAUNCHER = /(?:^|\/)stopgate\/bin\/stopgate-hook$/;
