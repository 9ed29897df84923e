import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Fact, mapFact, tell } from '../fact.ts';

/** What git leaves, side by side, in a worktree's own git directory while something is under way. */
const TRACES = [
  'rebase-merge',
  'rebase-apply',
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'BISECT_LOG',
  'sequencer',
  'index.lock',
  'HEAD.lock',
] as const;

/** The traces of operations in progress that are there. */
export function operationsIn(top: string): Fact<string[]> {
  const one = tell(top, ['rev-parse', '--path-format=absolute', '--git-path', TRACES[0]]);
  return mapFact(one, (path) => TRACES.filter((trace) => isThere(join(dirname(path), trace))));
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
