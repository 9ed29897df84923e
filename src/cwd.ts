import { StopgateError } from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the current directory was called, where it is gone. */
let gone: string | null = null;

/**
 * Leaves a current directory that is gone for the root: what a command looks up there, and what it starts, works then.
 * A command that would read or start something relative to it asks {@link requireDir} first.
 */
export function leaveGoneDir(env: Env = process.env): void {
  try {
    process.cwd();
  } catch {
    gone = env.PWD?.startsWith('/') ? env.PWD : 'which has no name any more';
    process.chdir('/');
  }
}

/** The directory that this process runs in; where that is gone, what it was called. */
export function currentDir(): string {
  if (gone === null) return process.cwd();
  return gone.startsWith('/') ? gone : '/';
}

/**
 * The directory that this process runs in, for a command that starts or writes something there.
 * @throws StopgateError `no-directory`: it is gone.
 */
export function requireDir(): string {
  if (gone === null) return process.cwd();
  throw new StopgateError('no-directory', `The current directory, ${gone}, is gone.`, {
    hint: 'Change to a directory that is there (cd), then run the command again.',
  });
}
