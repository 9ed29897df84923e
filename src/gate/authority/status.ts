/** What `git status --porcelain=v2 --branch -z` says, as far as evidence needs it. */
export interface Status {
  head: string | null;
  branch: string | null;
  changed: number;
  conflicts: number;
  dirtyPaths: Set<string>;
}

export const STATUS = [
  'status',
  '--porcelain=v2',
  '--branch',
  '-z',
  '--no-renames',
  '--no-ahead-behind',
  '--untracked-files=normal',
  '--ignore-submodules=dirty',
];

/** The fields before the path of a changed and of a conflicting entry. */
const FIELDS = { '1': 8, u: 10 } as const;

export function parseStatus(text: string): Status {
  const status: Status = {
    head: null,
    branch: null,
    changed: 0,
    conflicts: 0,
    dirtyPaths: new Set(),
  };
  for (const entry of text.split('\0')) {
    const [kind = '', name, value = ''] = entry.split(' ');
    if (kind === '#') {
      if (name === 'branch.oid' && value !== '(initial)') status.head = value;
      if (name === 'branch.head' && value !== '(detached)') status.branch = value;
    } else if (kind === '1' || kind === 'u' || kind === '?') {
      status.changed += 1;
      if (kind === 'u') status.conflicts += 1;
      const skip = kind === '?' ? 1 : FIELDS[kind];
      status.dirtyPaths.add(entry.split(' ').slice(skip).join(' '));
    }
  }
  return status;
}
