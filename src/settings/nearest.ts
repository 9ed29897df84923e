/**
 * The one of `known` paths that was probably meant by `path`: its last name differs in a few letters at most, upper or
 * lower case aside. A neighbour is meant rather than a name from another place. `null`: nothing is near.
 */
export function nearest(path: string, known: readonly string[]): string | null {
  const name = lastOf(path);
  const most = Math.ceil(name.length / 4);
  const near = known
    .map((candidate) => ({ candidate, far: distance(name, lastOf(candidate)) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far || level(a.candidate, path) - level(b.candidate, path));
  return near[0]?.candidate ?? null;
}

/** 0 for a neighbour, 1 for one from another place. */
function level(candidate: string, path: string): number {
  return parentOf(candidate) === parentOf(path) ? 0 : 1;
}

/** How many letters have to be put in, taken out, replaced, or swapped with the next one. */
export function distance(from: string, to: string): number {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()];
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        at(row, j) + 1,
        at(next, j - 1) + 1,
        at(row, j - 1) + same,
        swapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
