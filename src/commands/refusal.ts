import { errnoOf, StopgateError } from '../errors.ts';
import { stateDir } from '../state/paths.ts';

const UNWRITABLE = new Set(['EROFS', 'EACCES', 'EPERM']);

/** On a read-only file system a recursive mkdir with a missing parent says ENOENT. */
function isUnwritable(error: unknown): boolean {
  const code = errnoOf(error) ?? '';
  return (
    UNWRITABLE.has(code) ||
    (code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'mkdir')
  );
}

/** Turns whatever was thrown into words that say what was expected, what was found, and what to do. */
export function asRefusal(error: unknown): StopgateError {
  if (error instanceof StopgateError) return error;
  const code = errnoOf(error);
  const path = (error as NodeJS.ErrnoException).path ?? stateDir();
  if (isUnwritable(error)) {
    return new StopgateError('read-only', `Cannot write ${path} (${code}).`, {
      hint:
        'In a sandboxed shell tool, run the same stopgate command as a plain command of its own, outside the ' +
        'sandbox; elsewhere, make the directory writable or point STOPGATE_STATE_DIR at one that is.',
      cause: error,
    });
  }
  if (code === 'ENOSPC') {
    return new StopgateError(
      'disk-full',
      `The disk that holds ${path} is full: nothing was changed.`,
      {
        hint: 'Free some space, then run it again.',
        cause: error,
      },
    );
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new StopgateError('unexpected', `Unexpected failure: ${message}`, {
    hint: 'This is a defect of stopgate; nothing else was done.',
    cause: error,
  });
}
