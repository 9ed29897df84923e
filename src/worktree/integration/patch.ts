import { type Fact, isOid, mapFact, tell } from '../fact.ts';

/** One comparison: the commit, and what it is compared with (its own parents when nothing is named). */
export interface Comparison {
  commit: string;
  against?: string;
}

const DIFF = [
  ...['diff-tree', '--stdin', '-r', '-p', '--root', '--binary', '--full-index'],
  ...['--no-renames', '--no-ext-diff', '--no-textconv', '--unified=3', '--ignore-submodules=none'],
];

/**
 * The patch of each commit, free of what depends on where it was applied: line numbers and blob names. White space
 * counts, unlike in `git cherry` and `git patch-id`: an indentation that was mended later is work too.
 */
export function patchesOf(
  cwd: string,
  comparisons: readonly Comparison[],
): Fact<Map<string, string>> {
  const input = comparisons
    .map(({ commit, against }) => (against ? `${commit} ${against}` : commit))
    .join('\n');
  return mapFact(tell(cwd, DIFF, { input: `${input}\n` }), parsePatches);
}

/** Splits what `git diff-tree --stdin` prints: a line with the commit, then its patch. */
export function parsePatches(out: string): Map<string, string> {
  const patches = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of out.split('\n')) {
    if (isOid(line)) {
      lines = [];
      patches.set(line, lines);
    } else if (line.startsWith('@@ ')) lines.push('@@');
    else if (!line.startsWith('index ')) lines.push(line);
  }
  return new Map([...patches].map(([commit, text]) => [commit, text.join('\n').trim()]));
}
