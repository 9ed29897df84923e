import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Fact, list, mapFact } from '../fact.ts';

/** What a worktree holds that no commit does. */
export interface Changes {
  /** Modified, staged, conflicted or deleted; submodules with changes. */
  changed: string[];
  untracked: string[];
  /** Ignored, and not of the kind that a tool makes again. */
  precious: string[];
  /** Ignored, and made again by a tool. */
  made: string[];
}

const STATUS = [
  'status',
  '--porcelain=v2',
  '-z',
  '--ignored=matching',
  '--ignore-submodules=dirty',
];

export function changesIn(top: string): Fact<Changes> {
  return mapFact(list(top, STATUS), (entries) => sort(parseStatus(entries), top));
}

/** Files whose edits status does not show: marked assume-unchanged or skip-worktree, and there. */
export function hiddenIn(top: string): Fact<string[]> {
  return mapFact(list(top, ['ls-files', '-v', '-z']), (entries) =>
    entries
      .filter((entry) => /^[a-zS] /.test(entry))
      .map((entry) => entry.slice(2))
      .filter((path) => lstatSync(join(top, path), { throwIfNoEntry: false }) !== undefined),
  );
}

interface Entry {
  kind: 'changed' | 'untracked' | 'ignored';
  path: string;
}

/** Parses the entries of `git status --porcelain=v2 -z`; a rename is followed by the path it came from. */
export function parseStatus(entries: readonly string[]): Entry[] {
  const found: Entry[] = [];
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] ?? '';
    const rest = entry.slice(2);
    if (entry.startsWith('? ')) found.push({ kind: 'untracked', path: rest });
    else if (entry.startsWith('! ')) found.push({ kind: 'ignored', path: rest });
    else if (!entry.startsWith('# ')) {
      const fields = { '1': 7, '2': 8, u: 9 }[entry[0] ?? ''] ?? 0;
      found.push({ kind: 'changed', path: rest.split(' ').slice(fields).join(' ') });
      if (entry.startsWith('2 ')) at += 1;
    }
  }
  return found;
}

function sort(entries: Entry[], top: string): Changes {
  const of = (kind: Entry['kind']) => entries.filter((e) => e.kind === kind).map((e) => e.path);
  const ignored = of('ignored');
  const made = ignored.filter((path) => isMadeAgain(path) || isMadeLink(path, top));
  return {
    changed: of('changed'),
    untracked: of('untracked'),
    precious: ignored.filter((path) => !made.includes(path)),
    made,
  };
}

/** Directories that a tool fills and fills again. */
const DIRECTORIES = new Set([
  ...['node_modules', 'dist', 'target', '.cache', '__pycache__'],
  ...['.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.nox', '.gradle'],
  ...['.next', '.nuxt', '.svelte-kit', '.turbo', '.parcel-cache', '.nyc_output'],
]);

/** True for an ignored path that can be made again: it is such a directory, lies in one, or is a cache file. */
export function isMadeAgain(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if (parts.some((part) => DIRECTORIES.has(part))) return true;
  return /^(\.eslintcache|\.DS_Store|.+\.pyc|.+\.tsbuildinfo)$/.test(name);
}

/** A link in the place of such a directory; what it leads to stays. */
function isMadeLink(path: string, top: string): boolean {
  if (!DIRECTORIES.has(basename(path))) return false;
  return lstatSync(join(top, path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
