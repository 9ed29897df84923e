import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../../errors.ts';
import { LINE_BYTES, readText } from '../../state/read-file.ts';
import { type Fact, known, unknown } from '../fact.ts';
import { commonDirOf, gitDirOf } from '../where.ts';

/** Why what is at `path` is not the worktree that the repository of `main` has there; `null` when it is. */
export function identityOf(path: string, main: string): Fact<string | null> {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    return unknown(messageOf(error));
  }
  if (real !== path) return known(`there is a link that leads to ${real}`);
  const own = commonDirOf(path);
  const expected = commonDirOf(main);
  if (!own.known) return own;
  if (!expected.known) return expected;
  if (own.value !== expected.value) return known('another repository is there');
  const home = homeOf(path);
  if (!home.known) return home;
  return known(home.value === path ? null : `the worktree of ${home.value} is there`);
}

/** Where git has the worktree that is at `path`: elsewhere when a person moved it. */
export function homeOf(path: string): Fact<string> {
  const gitDir = gitDirOf(path);
  if (!gitDir.known) return gitDir;
  try {
    const link = readText(join(gitDir.value, 'gitdir'), LINE_BYTES).replace(/\n$/, '');
    return known(resolve(gitDir.value, link, '..'));
  } catch (error) {
    return unknown(messageOf(error));
  }
}
