import { realpathSync } from 'node:fs';
import { messageOf } from '../../errors.ts';
import { type Fact, known, unknown } from '../fact.ts';
import { commonDirOf } from '../where.ts';

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
  return known(own.value === expected.value ? null : 'another repository is there');
}
