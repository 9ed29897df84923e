import {
  closeSync,
  fchmodSync,
  fchownSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../errors.ts';
import { syncDirectory, writeDurably } from '../state/atomic.ts';
import { assertHeld } from '../state/held.ts';
import { sleepSync } from '../state/sleep.ts';
import { exchange } from './exchange.ts';
import { freshName } from './leftovers.ts';
import { bytesOf, isCurrent, openForReading, type Snapshot } from './snapshot.ts';

/** A person's own file is theirs alone; one that belongs to a project is read by everybody who works on it. */
export type NewFileMode = 0o600 | 0o644;

export type Swap =
  | { readonly kind: 'done' }
  /** Another program wrote first; nothing was changed. */
  | { readonly kind: 'overtaken' }
  /** Another program wrote into the old file while it was being replaced: these are its bytes. */
  | { readonly kind: 'late'; readonly bytes: Buffer };

/**
 * Replaces a file by `text` if it is still what the snapshot says, keeping mode and owner; a new one gets `mode`, or less
 * where the umask says so. A reader or a crash sees the old bytes or the new, never less.
 */
export function swapFile(
  path: string,
  snapshot: Snapshot | null,
  text: string,
  mode: NewFileMode,
): Swap {
  mkdirSync(dirname(path), { recursive: true, mode: mode === 0o600 ? 0o700 : 0o755 });
  const fresh = freshName(path);
  try {
    writeFresh(fresh, text, snapshot, mode);
    assertHeld();
    return snapshot === null ? create(path, fresh) : replace(path, fresh, snapshot);
  } finally {
    rmSync(fresh, { force: true });
  }
}

function writeFresh(
  fresh: string,
  text: string,
  snapshot: Snapshot | null,
  mode: NewFileMode,
): void {
  writeDurably(fresh, text, snapshot === null ? mode : 0o600, (fd) => {
    if (snapshot === null) return;
    const { uid, gid, mode } = snapshot.stat;
    fchownSync(fd, uid, gid);
    fchmodSync(fd, mode & 0o7777);
  });
}

function create(path: string, fresh: string): Swap {
  try {
    linkSync(fresh, path);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return { kind: 'overtaken' };
    throw error;
  }
  syncDirectory(dirname(path));
  return { kind: 'done' };
}

function replace(path: string, fresh: string, snapshot: Snapshot): Swap {
  const old = openForReading(path);
  if (old === null) return { kind: 'overtaken' };
  try {
    if (!putInPlace(fresh, path, snapshot)) return { kind: 'overtaken' };
    syncDirectory(dirname(path));
    return takenOut(fresh, old, snapshot);
  } finally {
    closeSync(old);
  }
}

/** What was replaced lies at `fresh` after an exchange: another file than `old`, if that was ended before it was undone. */
function takenOut(fresh: string, old: number, { bytes }: Snapshot): Swap {
  const out = openForReading(fresh);
  try {
    const replaced = out ?? old;
    if (bytesOf(replaced).equals(bytes)) return { kind: 'done' };
    return { kind: 'late', bytes: settledBytes(replaced) };
  } finally {
    if (out !== null) closeSync(out);
  }
}

/** False when another program was faster, whose file stays. A rename can tell that up to the moment before only. */
function putInPlace(fresh: string, path: string, snapshot: Snapshot): boolean {
  const exchanged = exchange(fresh, path, snapshot);
  if (exchanged !== 'unavailable') return exchanged === 'done';
  if (!isCurrent(path, snapshot)) return false;
  renameSync(fresh, path);
  return true;
}

/** What a descriptor holds once nobody has written to it for 50 ms; an emptied file is waited for up to a second. */
function settledBytes(fd: number): Buffer {
  let bytes = bytesOf(fd);
  for (let wait = 0; wait < 20; wait += 1) {
    sleepSync(50);
    const next = bytesOf(fd);
    if (next.length > 0 && next.equals(bytes)) return next;
    bytes = next;
  }
  return bytes;
}
