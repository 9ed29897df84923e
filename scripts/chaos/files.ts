import { createHash } from 'node:crypto';
import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What is at a path: its kind, its mode, and for a file its bytes. */
export interface Entry {
  kind: 'file' | 'dir' | 'link' | 'other';
  mode: number;
  bytes: Buffer;
}

/** Everything below a directory, by path relative to it. */
export type Snapshot = ReadonlyMap<string, Entry>;

/** Files beyond this are told apart by their size alone: nothing of ours comes near it. */
const READ_BYTES = 8 * 1024 * 1024;

/** Reads a directory tree without following a link, opening a pipe or waiting. */
export function snapshotOf(root: string, skip: (path: string) => boolean = () => false): Snapshot {
  const found = new Map<string, Entry>();
  const walk = (below: string) => {
    for (const name of namesIn(join(root, below))) {
      const path = below === '' ? name : `${below}/${name}`;
      if (skip(path)) continue;
      const entry = entryAt(join(root, path));
      if (entry === null) continue;
      found.set(path, entry);
      if (entry.kind === 'dir') walk(path);
    }
  };
  walk('');
  return found;
}

/** The paths that differ between two snapshots, sorted. */
export function changesBetween(before: Snapshot, after: Snapshot): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => !isSame(before.get(path), after.get(path))).sort();
}

/** Makes the tree below `root` what it was; whatever came in between goes. */
export function restore(root: string, wanted: Snapshot, now: Snapshot, uid?: number): void {
  const wrong = changesBetween(now, wanted);
  for (const path of wrong) {
    const [is, was] = [now.get(path), wanted.get(path)];
    if (is?.kind === 'dir' && was?.kind === 'dir') continue;
    if (is !== undefined) rmSync(join(root, path), { recursive: true, force: true });
  }
  for (const path of wrong) {
    const entry = wanted.get(path);
    if (entry !== undefined) put(join(root, path), entry, uid);
  }
}

/** Writes one entry where nothing, or a directory to be kept, is. */
export function put(path: string, { kind, mode, bytes }: Entry, uid?: number): void {
  mkdirSync(dirname(path), { recursive: true });
  if (kind === 'dir') mkdirSync(path, { recursive: true });
  if (kind === 'link') symlinkSync(bytes.toString(), path);
  if (kind === 'file') writeFileSync(path, bytes);
  if (kind !== 'link') chmodSync(path, mode);
  if (uid !== undefined) lchownSync(path, uid, uid);
}

export function entryAt(path: string): Entry | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  const mode = stat.mode & 0o7777;
  if (stat.isDirectory()) return { kind: 'dir', mode, bytes: NOTHING };
  if (stat.isSymbolicLink())
    return { kind: 'link', mode: 0, bytes: Buffer.from(readlinkSync(path)) };
  if (!stat.isFile()) return { kind: 'other', mode, bytes: NOTHING };
  const bytes = stat.size > READ_BYTES ? Buffer.from(`${stat.size} bytes`) : read(path);
  return { kind: 'file', mode, bytes };
}

/** Names bytes in a few characters. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex').slice(0, 10);
}

const NOTHING = Buffer.alloc(0);

function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.kind === b.kind && a.mode === b.mode && a.bytes.equals(b.bytes);
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    return Buffer.from(String(error));
  }
}
