import { createTwoFilesPatch } from 'diff';
import { escaped } from '../printable.ts';

/** A unified diff of one file, as `diff -u` prints it; a line break in the path is escaped, or it would begin a line. */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  const name = escaped(path);
  const from = before === null ? '/dev/null' : name;
  return createTwoFilesPatch(from, name, before ?? '', after).replace(/^(Index: .*\n)?=+\n/, '');
}
