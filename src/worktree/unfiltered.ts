import { git } from './git.ts';
import { shellWord } from './words.ts';

/**
 * Says which files of a new worktree are as git keeps them and not as they are used: no filter that a repository or a person
 * names (such as lfs) was run. Empty where there are none.
 */
export function unfilteredNote(path: string): string[] {
  const listed = git(path, ['ls-files', '-z']);
  if (listed.kind !== 'ok') return [];
  const asked = git(path, ['check-attr', '-z', '--stdin', 'filter'], { input: listed.out });
  if (asked.kind !== 'ok') return [];
  // Path, attribute, value; and again.
  const values = asked.out.split('\0').filter((_, at) => at % 3 === 2);
  const isKnown = (name: string) =>
    ['smudge', 'process'].some(
      (key) => git(path, ['config', '--get', `filter.${name}.${key}`]).kind === 'ok',
    );
  const filters = [...new Set(values)].filter(isKnown);
  if (filters.length === 0) return [];
  const files = values.filter((value) => filters.includes(value)).length;
  const place = shellWord(path);
  return [
    `${files} of its files are as git keeps them, not run through the filter ${filters.join(', ')}. If you trust it:`,
    `  git -C ${place} rm -r -q --cached . && git -C ${place} reset -q --hard`,
  ];
}
