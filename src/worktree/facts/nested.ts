import { lstatSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { errnoOf } from '../../errors.ts';
import { type Fact, known, list, unknown } from '../fact.ts';
import { isWithin } from './users.ts';

/** A repository, a worktree or a submodule inside a worktree: `git worktree remove` may delete it unasked. */
export interface Nested {
  path: string;
  kind: 'repository' | 'submodule';
}

const MOST_ENTRIES = 2_000_000;

/** Looks through every directory of a worktree, ignored ones included; links are not followed. */
export function nestedIn(top: string, gitDir: string, others: readonly string[]): Fact<Nested[]> {
  const links = gitlinksOf(top);
  if (!links.known) return links;
  const inside = others.filter((path) => path !== top && isWithin(top, path));
  const found: Nested[] = inside.map((path) => ({
    path: relative(top, path),
    kind: 'repository',
  }));
  const modules = lstatSync(join(gitDir, 'modules'), { throwIfNoEntry: false });
  if (modules?.isDirectory()) found.push({ path: 'the git directory', kind: 'submodule' });
  const walked = repositoriesBelow(top);
  if (!walked.known) return walked;
  for (const path of walked.value) {
    const kind = links.value.has(path) ? 'submodule' : 'repository';
    if (!found.some((one) => one.path === path)) found.push({ path, kind });
  }
  return known(found);
}

/** The paths where the index names a commit of another repository. */
function gitlinksOf(top: string): Fact<Set<string>> {
  const staged = list(top, ['ls-files', '--stage', '-z']);
  if (!staged.known) return staged;
  const links = staged.value.filter((entry) => entry.startsWith('160000 '));
  return known(new Set(links.map((entry) => entry.slice(entry.indexOf('\t') + 1))));
}

function repositoriesBelow(top: string): Fact<string[]> {
  const found: string[] = [];
  const waiting = [''];
  let entries = 0;
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    const names = namesIn(join(top, dir));
    if (!names.known) return names;
    entries += names.value.length;
    if (entries > MOST_ENTRIES) return unknown(`more than ${MOST_ENTRIES} files to look through`);
    const has = new Set(names.value.map(({ name }) => name));
    const isBare = has.has('HEAD') && has.has('objects') && has.has('refs');
    if (dir !== '' && (has.has('.git') || isBare)) found.push(dir);
    for (const entry of names.value) {
      if (entry.isDirectory() && !(dir === '' && entry.name === '.git')) {
        waiting.push(join(dir, entry.name));
      }
    }
  }
  return known(found);
}

function namesIn(dir: string) {
  try {
    return known(readdirSync(dir, { withFileTypes: true }));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return known([]);
    return unknown(`${dir} cannot be looked through (${errnoOf(error)})`);
  }
}
