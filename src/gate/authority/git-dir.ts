import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commonDirOf, gitDirOf } from '../../build/head.ts';
import { readEnd } from '../../state/read-file.ts';

const OPERATIONS: [string, string][] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
];

/** A line of the log of HEAD is some 150 bytes; a session makes fewer commits than fit. */
const REFLOG_BYTES = 256 * 1024;

/** What git's own folder tells of one working tree without a call of git. */
export interface GitDirFacts {
  operation: string | null;
  shallow: boolean;
  /** Commits that were made here since `from` (in seconds), by the log of HEAD: not those that were pulled or merged. */
  madeHere: Set<string>;
}

export function gitDirFacts(checkout: string, from: number): GitDirFacts {
  const gitDir = gitDirOf(checkout);
  const found = OPERATIONS.find(([file]) => existsSync(join(gitDir, file)));
  return {
    operation: found?.[1] ?? null,
    shallow: existsSync(join(commonDirOf(gitDir), 'shallow')),
    madeHere: madeHere(tailOf(join(gitDir, 'logs', 'HEAD')), from),
  };
}

/** Reads lines of `<old> <new> <who> <seconds> <zone>\t<what>`. */
export function madeHere(reflog: string, from: number): Set<string> {
  const made = new Set<string>();
  for (const line of reflog.split('\n')) {
    const [before = '', what = ''] = line.split('\t');
    const match = /^[0-9a-f]+ ([0-9a-f]{40,64}) .* (\d+) [+-]\d+$/.exec(before);
    const isCommit = /^(commit|cherry-pick|revert|am)\b/.test(what);
    if (match?.[1] && isCommit && Number(match[2]) >= from) made.add(match[1]);
  }
  return made;
}

function tailOf(path: string): string {
  try {
    return readEnd(path, REFLOG_BYTES).toString('utf8');
  } catch {
    return '';
  }
}
