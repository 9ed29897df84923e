import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fact, list, mapFact } from '../fact.ts';
import { git } from '../git.ts';

/** Three commits: two lines of work, and the newest commit that both hold. */
export interface Lines {
  cwd: string;
  base: string;
  target: string;
  tip: string;
}

/**
 * True when merging `tip` into `target` would leave every file of the target as it is. Asked path by path and without
 * making an object: `git merge-tree` would, and would touch the time of those that are there already.
 */
export function addsNothing({ cwd, base, target, tip }: Lines): boolean {
  const mine = changesBetween(cwd, base, tip);
  const theirs = changesBetween(cwd, base, target);
  if (!mine.known || !theirs.known || mine.value.size === 0) return false;
  const merges: Merge[] = [];
  for (const [path, change] of mine.value) {
    const answer = compare(change, theirs.value.get(path));
    if (answer === 'adds') return false;
    if (answer !== 'same') merges.push(answer);
  }
  return merges.length <= MOST_MERGES && merges.every((merge) => mergesToTarget(cwd, merge));
}

const MOST_MERGES = 500;

interface Entry {
  mode: string;
  oid: string;
}

/** One path that differs between two commits; a path that is not there has mode 000000. */
export interface Change {
  before: Entry;
  after: Entry;
}

interface Merge {
  base: string;
  target: string;
  tip: string;
}

/** What a merge of one path comes to: nothing new, something new (or a conflict), or what its lines say. */
export function compare(mine: Change, theirs: Change | undefined): 'same' | 'adds' | Merge {
  if (theirs === undefined) return 'adds';
  const isSameMode = theirs.after.mode === mine.after.mode;
  if (isSameMode && theirs.after.oid === mine.after.oid) return 'same';
  if (![mine.before, mine.after, theirs.after].every(isFile)) return 'adds';
  if (!isSameMode && mine.after.mode !== mine.before.mode) return 'adds';
  if (mine.after.oid === mine.before.oid || mine.after.oid === theirs.after.oid) return 'same';
  if (theirs.after.oid === theirs.before.oid) return 'adds';
  return { base: mine.before.oid, target: theirs.after.oid, tip: mine.after.oid };
}

function isFile({ mode }: Entry): boolean {
  return mode === '100644' || mode === '100755';
}

function changesBetween(cwd: string, from: string, to: string): Fact<Map<string, Change>> {
  const how = ['-r', '-z', '--raw', '--no-renames', '--ignore-submodules=none'];
  return mapFact(list(cwd, ['diff-tree', ...how, from, to]), parseRaw);
}

/** Parses `git diff-tree --raw -z`: `:<mode> <mode> <oid> <oid> <status>`, then the path. */
export function parseRaw(items: readonly string[]): Map<string, Change> {
  const changes = new Map<string, Change>();
  for (let at = 0; at + 1 < items.length; at += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = ''] = (items[at] ?? '')
      .slice(1)
      .split(' ');
    changes.set(items[at + 1] ?? '', {
      before: { mode: oldMode, oid: oldOid },
      after: { mode: newMode, oid: newOid },
    });
  }
  return changes;
}

/** Bytes are read and written as Latin-1, which keeps each of them. */
const BYTES = { encoding: 'latin1' } as const;

function mergesToTarget(cwd: string, { base, target, tip }: Merge): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'stopgate-merge-'));
  try {
    const files = [target, base, tip].map((oid, at) => {
      const blob = git(cwd, ['cat-file', 'blob', oid], BYTES);
      if (blob.kind !== 'ok') return null;
      writeFileSync(join(dir, String(at)), blob.out, BYTES);
      return blob.out;
    });
    if (files.includes(null)) return false;
    const merged = git(
      cwd,
      ['merge-file', '-p', ...['0', '1', '2'].map((n) => join(dir, n))],
      BYTES,
    );
    return merged.kind === 'ok' && merged.out === files[0];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
