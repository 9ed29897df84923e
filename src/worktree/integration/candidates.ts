import { type Fact, known, list, mapFact, tell } from '../fact.ts';
import type { Comparison } from './patch.ts';

/** More commits than this are not compared one by one. */
const MOST = 3000;

/** Commits that `target` holds and `without` does not. */
export interface Range {
  target: string;
  without: string;
}

/** The commits of a range that touch one of `paths`, each to be compared with its parent. */
export function plainCandidates(
  cwd: string,
  range: Range,
  paths: readonly string[],
): Fact<Comparison[]> {
  return mapFact(commitsOf(cwd, range, paths, '--no-merges'), (commits) =>
    commits.map((commit) => ({ commit })),
  );
}

/** Those on the target's own line, merges included, each to be compared with what the line was before it. */
export function mainlineCandidates(
  cwd: string,
  range: Range,
  paths: readonly string[],
): Fact<Comparison[]> {
  const commits = commitsOf(cwd, range, paths, '--first-parent');
  if (!commits.known || commits.value.length === 0) return known([]);
  const input = `${commits.value.join('\n')}\n`;
  return mapFact(tell(cwd, ['rev-list', '--no-walk', '--parents', '--stdin'], { input }), (out) =>
    out.split('\n').flatMap((line) => {
      const [commit, against] = line.split(' ');
      return commit && against ? [{ commit, against }] : [];
    }),
  );
}

/** The first path in which two commits differ: a commit with the same patch touches it as well. */
export function firstPath(cwd: string, from: string, to: string): Fact<string[]> {
  const how = ['-r', '-z', '--name-only', '--no-renames', '--ignore-submodules=none'];
  const paths = list(cwd, ['diff-tree', ...how, from, to]);
  return mapFact(paths, (all) => all.slice(0, 1));
}

function commitsOf(
  cwd: string,
  { target, without }: Range,
  paths: readonly string[],
  how: string,
): Fact<string[]> {
  const range = [target, `^${without}`, '--', ...paths];
  return mapFact(tell(cwd, ['rev-list', `--max-count=${MOST}`, how, ...range]), (out) =>
    out.split('\n').filter((line) => line !== ''),
  );
}
