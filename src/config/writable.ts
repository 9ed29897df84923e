import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StopgateError } from '../errors.ts';
import { isSameFile, leftoversOf } from './leftovers.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Passes only when a file can be replaced without a change of owner, mode or links. A file that nobody may write is
 * read-only for root and for a rename too: whoever took the permission away meant it.
 */
export function assertReplaceable(path: string, snapshot: Snapshot | null): void {
  if (snapshot !== null) {
    const { mode, nlink, uid, gid } = snapshot.stat;
    if ((mode & 0o222) === 0 || !mayWrite(path)) throw readOnly(path);
    const own = leftoversOf(path).filter((leftover) => isSameFile(path, leftover));
    if (nlink - own.length > 1) {
      throw new StopgateError('hard-linked', `${path} has ${nlink} hard links.`, {
        hint: 'A safe write would separate them. Use a symbolic link, or add the entry by hand.',
      });
    }
    if (!mayGive(uid, gid)) {
      throw new StopgateError('other-owner', `${path} belongs to user ${uid}, group ${gid}.`, {
        hint: 'Run the command as that user.',
      });
    }
  }
  const dir = existingDirectory(dirname(path));
  if (!mayWrite(dir)) throw readOnly(dir);
}

/** True when a new file can get this owner and group. */
function mayGive(uid: number, gid: number): boolean {
  const self = process.geteuid?.() ?? uid;
  const groups = [process.getegid?.() ?? gid, ...(process.getgroups?.() ?? [])];
  return self === 0 || (self === uid && groups.includes(gid));
}

function existingDirectory(dir: string): string {
  const found = statSync(dir, { throwIfNoEntry: false });
  return found === undefined && dir !== dirname(dir) ? existingDirectory(dirname(dir)) : dir;
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readOnly(path: string): StopgateError {
  return new StopgateError('read-only', `${path} is read-only.`, {
    hint: 'Make it writable (a managed file: change its source), then run the command again.',
  });
}
