/** The commits that a path met in history: who added it, and the newest that touched it. */
export interface PathHistory {
  introduced: string | null;
  latest: string | null;
}

/** One walk over history for all paths, newest commit first. */
export function artifactLogArgs(paths: readonly string[]): string[] {
  const format = '--format=%x01%H %P';
  const scope = paths.map((path) => `:(top,literal)${path}`);
  return ['log', '-z', '--no-renames', '--name-status', '--no-ext-diff', format, '--', ...scope];
}

/** Reads that walk. A commit without parents in a shallow clone adds all that it holds: it introduced nothing. */
export function parseArtifactLog(text: string, shallow: boolean): Map<string, PathHistory> {
  const histories = new Map<string, PathHistory>();
  for (const entry of text.split('\x01').slice(1)) {
    const [head = '', ...names] = entry.split(/[\0\n]+/);
    const [commit = '', ...parents] = head.trim().split(' ');
    const isBoundary = shallow && parents.length === 0;
    for (let at = 0; at + 1 < names.length; at += 2) {
      const [letter, path = ''] = [names[at], names[at + 1]];
      const history = histories.get(path) ?? { introduced: null, latest: commit };
      if (letter === 'A' && !isBoundary) history.introduced = commit;
      histories.set(path, history);
    }
  }
  return histories;
}
