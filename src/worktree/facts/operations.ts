import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { type Fact, known, tell, unknown } from '../fact.ts';

/** What git leaves in a worktree's own git directory while something is under way (CLEANUP.md, Worktrees, step 4). */
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
];

/** The traces of operations in progress that are there. */
export function operationsIn(top: string): Fact<string[]> {
  const asked = TRACES.flatMap((trace) => ['--git-path', trace]);
  const out = tell(top, ['rev-parse', '--path-format=absolute', ...asked]);
  if (!out.known) return out;
  const paths = out.value.split('\n');
  if (paths.length !== TRACES.length) return unknown('git rev-parse: named other paths than asked');
  return known(paths.filter(isThere).map((path) => basename(path)));
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
