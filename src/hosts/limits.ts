import { isAbsolute } from 'node:path';

/** No host sends a longer id, word or name. */
export const MOST_CHARACTERS = 1000;

/** The system's own bound of a path. */
export const PATH_CHARACTERS = 4096;

/** No working tree lies deeper; a path that is longer was made to cost time. */
export const PATH_LEVELS = 256;

/** True for a path that a session can run in: each level of it may be looked at. */
export function isPlace(cwd: string): boolean {
  return (
    isAbsolute(cwd) && cwd.length <= PATH_CHARACTERS && cwd.split('/').length - 1 <= PATH_LEVELS
  );
}
