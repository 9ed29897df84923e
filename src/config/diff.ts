import { createTwoFilesPatch } from 'diff';

/** A unified diff of one file, as `diff -u` prints it. */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  const from = before === null ? '/dev/null' : path;
  return createTwoFilesPatch(from, path, before ?? '', after).replace(/^(Index: .*\n)?=+\n/, '');
}
