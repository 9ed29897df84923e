import { join, relative } from 'node:path';
import { namesIn } from './json-file.ts';
import type { StatePaths } from './paths.ts';

/** What is there of ours at the top of a state directory, by name; one set aside or left unfinished included. */
export function ownEntries({ root, ...paths }: StatePaths): string[] {
  const own = new Set(Object.values(paths).map((path) => topOf(root, sample(path))));
  return namesIn(root)
    .filter((name) => own.has(name) || own.has(name.replace(ASIDE, '')))
    .map((name) => join(root, name));
}

const ASIDE = /\.corrupt-[^/]*$|\.\d+-[a-z0-9]+\.tmp$/;

function sample(path: string | ((name: never) => string)): string {
  return typeof path === 'string' ? path : path('any' as never);
}

function topOf(root: string, path: string): string {
  return relative(root, path).split('/')[0] ?? '';
}
